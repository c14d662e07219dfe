package io.shiftadd.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.model.layers.DenseLinear;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the forward pass promises besides the right numbers: they do not depend on how the work is divided. */
class ForwardPassTest {

    private static final int[] IDS = new Random(7).ints(150, 3, 96).toArray();

    static List<String> layouts() {
        return Layouts.names();
    }

    /** A layout that is not limited to fewer positions than {@link #IDS} has tokens. */
    private static final String LONG = "mistral-window";

    private static float[] hidden(CausalLanguageModel model, TokenBatch batch, KernelContext context) {
        float[] hidden = new float[batch.tokens() * model.config().hiddenSize()];
        model.forward(batch, hidden, context);
        return hidden;
    }

    private static float[] wholePrompt(CausalLanguageModel model, int[] ids, KernelContext context) {
        return hidden(model, TokenBatch.of(model.newCache(ids.length), ids), context);
    }

    private static float[] inParts(CausalLanguageModel model, int[] ids, int part, KernelContext context) {
        int width = model.config().hiddenSize();
        float[] all = new float[ids.length * width];
        KvCache cache = model.newCache(ids.length);
        for (int from = 0; from < ids.length; from += part) {
            int[] next = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + part));
            float[] hidden = hidden(model, TokenBatch.of(cache, next), context);
            System.arraycopy(hidden, 0, all, from * width, hidden.length);
        }
        return all;
    }

    /** Random packed layers in place of all linear layers. */
    private static CausalLanguageModel packed(CausalLanguageModel model) {
        Map<String, LinearLayer> layers = new HashMap<>();
        Random random = new Random(3);
        for (int i = 0; i < model.blockCount(); i++) {
            DecoderBlock block = model.block(i);
            for (String name : block.linearNames()) {
                LinearLayer layer = block.linear(name);
                layers.put(name, randomPacked(layer.outputs(), layer.inputs(), block.bias(name), random));
            }
        }
        return model.with(layers);
    }

    private static PackedLinear randomPacked(int outputs, int inputs, float[] bias, Random random) {
        GroupShape groups = new GroupShape(outputs, 1);
        int bits = 2;
        byte[] terms = new byte[bits * groups.rowGroups(outputs) * groups.columnGroups(inputs)];
        for (int i = 0; i < terms.length; i++) {
            terms[i] = (byte) (64 - 3 - random.nextInt(3));
        }
        byte[] codes = new byte[outputs * inputs];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) random.nextInt(1 << bits);
        }
        ApotScales scales = new ApotScales(bits, groups.rowGroups(outputs), groups.columnGroups(inputs), 1, terms);
        return PackedLinear.pack(new BinaryCoding(outputs, inputs, bits, groups, scales, codes), bias, null, null);
    }

    /**
     * Dynamic and long scaling turn with the length of the text, so that beyond the trained one keys in a cache keep
     * older angles.
     */
    private static int lengthOf(String layout) {
        return layout.startsWith("llama-dynamic") || layout.equals("phi3-long") ? 16 : 64;
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void decodesWhatItComputesForTheWholePrompt(String layout) {
        int[] ids = Arrays.copyOf(IDS, lengthOf(layout));
        try (CausalLanguageModel model = Layouts.open(layout);
                KernelContext context = KernelContext.create(2)) {
            float[] whole = wholePrompt(model, ids, context);
            for (int part : new int[] {1, 5, 33}) {
                assertClose(inParts(model, ids, part, context), whole, 1e-5);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void givesTheSameBitsOnAnyNumberOfThreads(String layout) {
        int[] ids = Arrays.copyOf(IDS, 40);
        try (CausalLanguageModel model = Layouts.open(layout);
                KernelContext one = KernelContext.create(1);
                KernelContext three = KernelContext.create(3)) {
            assertThat(wholePrompt(model, ids, three)).containsExactly(wholePrompt(model, ids, one));
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void givesTheSameBitsInAnyPartsWhenPacked(String layout) {
        int[] ids = Arrays.copyOf(IDS, lengthOf(layout));
        try (CausalLanguageModel opened = Layouts.open(layout);
                KernelContext context = KernelContext.create(2)) {
            CausalLanguageModel model = packed(opened);
            float[] whole = wholePrompt(model, ids, context);
            assertThat(whole).doesNotContain(Float.NaN);
            for (int part : new int[] {1, 7, 33}) {
                assertThat(inParts(model, ids, part, context)).containsExactly(whole);
            }
        }
    }

    @Test
    void givesATokenTheSameBitsWhateverElseIsInTheBatch() {
        try (CausalLanguageModel opened = Layouts.open(LONG);
                KernelContext context = KernelContext.create(2)) {
            CausalLanguageModel model = packed(opened);
            int width = model.config().hiddenSize();
            float[] alone = wholePrompt(model, IDS, context);
            List<TokenBatch.Segment> segments = new ArrayList<>();
            segments.add(new TokenBatch.Segment(model.newCache(20), 20));
            segments.add(new TokenBatch.Segment(model.newCache(IDS.length), IDS.length));
            segments.add(new TokenBatch.Segment(model.newCache(3), 3));
            int[] ids = new int[IDS.length + 23];
            System.arraycopy(IDS, 30, ids, 0, 20);
            System.arraycopy(IDS, 0, ids, 20, IDS.length);
            System.arraycopy(IDS, 9, ids, 20 + IDS.length, 3);
            float[] together = hidden(model, new TokenBatch(ids, segments), context);
            assertThat(Arrays.copyOfRange(together, 20 * width, (20 + IDS.length) * width))
                    .containsExactly(alone);
        }
    }

    @Test
    void givesFewTokensTheSameBitsTogetherAndAloneInFloat() {
        try (CausalLanguageModel model = Layouts.open(LONG);
                KernelContext context = KernelContext.create(2)) {
            int width = model.config().hiddenSize();
            List<TokenBatch.Segment> segments = new ArrayList<>();
            for (int i = 0; i < DenseLinear.FEW; i++) {
                segments.add(new TokenBatch.Segment(model.newCache(1), 1));
            }
            int[] ids = Arrays.copyOf(IDS, DenseLinear.FEW);
            float[] together = hidden(model, new TokenBatch(ids, segments), context);
            for (int i = 0; i < ids.length; i++) {
                float[] alone = wholePrompt(model, new int[] {ids[i]}, context);
                assertThat(Arrays.copyOfRange(together, i * width, (i + 1) * width))
                        .containsExactly(alone);
            }
        }
    }

    @Test
    void continuesAForkLikeTheOriginal() {
        try (CausalLanguageModel opened = Layouts.open(LONG);
                KernelContext context = KernelContext.create(2)) {
            CausalLanguageModel model = packed(opened);
            int width = model.config().hiddenSize();
            float[] alone = wholePrompt(model, IDS, context);
            for (KvCache.Precision precision : new KvCache.Precision[] {KvCache.Precision.FLOAT32}) {
                KvCache original = model.newCache(IDS.length, precision);
                hidden(model, TokenBatch.of(original, Arrays.copyOf(IDS, 100)), context);
                KvCache fork = original.fork(90, IDS.length);
                hidden(model, TokenBatch.of(original, 5, 5, 5, 5), context);
                int[] rest = Arrays.copyOfRange(IDS, 90, IDS.length);
                float[] continued = hidden(model, TokenBatch.of(fork, rest), context);
                assertThat(continued).containsExactly(Arrays.copyOfRange(alone, 90 * width, IDS.length * width));
                original.truncate(90);
                assertThat(hidden(model, TokenBatch.of(original, rest), context))
                        .containsExactly(continued);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void keepsHalfPrecisionCachesCloseToFloat(String layout) {
        // Where layers round their inputs to 8 bits, a little more or less may be a step.
        staysCloseToFloat(layout, KvCache.Precision.FLOAT16, layout.startsWith("bitnet") ? 5e-2 : 2e-2);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void keepsCachesOfBytesNearFloat(String layout) {
        // A router may choose another expert where it was about to.
        boolean routed = layout.startsWith("mixtral") || layout.startsWith("olmoe") || layout.contains("moe");
        staysCloseToFloat(layout, KvCache.Precision.INT8, routed ? 0.6 : 0.2);
    }

    private static void staysCloseToFloat(String layout, KvCache.Precision precision, double limit) {
        int[] ids = Arrays.copyOf(IDS, 40);
        try (CausalLanguageModel model = Layouts.open(layout);
                KernelContext context = KernelContext.create(2)) {
            KvCache cache = model.newCache(ids.length, precision);
            float[] rounded = hidden(model, TokenBatch.of(cache, ids), context);
            assertClose(rounded, wholePrompt(model, ids, context), limit);
            assertThat(cache.allocatedBytes())
                    .isEqualTo(KvCache.PAGE * KvCache.bytesPerPosition(model.config(), precision));
        }
    }

    @Test
    void takesMemoryOnlyForWhatIsUsed() {
        try (CausalLanguageModel model = Layouts.open(LONG)) {
            assertThat(model.newCache(1_000_000).allocatedBytes()).isZero();
        }
    }

    @Test
    void refusesTokensOutsideTheVocabulary() {
        try (CausalLanguageModel model = Layouts.open(LONG);
                KernelContext context = KernelContext.create(1)) {
            assertThatThrownBy(() -> wholePrompt(model, new int[] {96}, context))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("96")
                    .hasMessageContaining("95");
        }
    }

    @Test
    void refusesMorePositionsThanAreLearned() {
        try (CausalLanguageModel model = Layouts.open("opt-pre-norm")) {
            assertThatThrownBy(() -> model.newCache(65)).hasMessageContaining("64");
        }
    }

    @Test
    void showsAnObserverTheInputOfEveryLinearLayer() {
        try (CausalLanguageModel model = Layouts.open("gemma2");
                KernelContext context = KernelContext.create(1)) {
            DecoderBlock block = model.block(0);
            TokenBatch batch = TokenBatch.of(model.newCache(3), 5, 6, 7);
            float[] hidden = new float[3 * model.config().hiddenSize()];
            model.embed(batch, hidden);
            List<String> seen = new ArrayList<>();
            block.forward(hidden, batch, context, (name, x, tokens, inputs) -> {
                assertThat(inputs).isEqualTo(block.linear(name).inputs());
                assertThat(tokens).isEqualTo(3);
                seen.add(name);
            });
            assertThat(seen).isEqualTo(block.linearNames());
            assertThat(seen).first().isEqualTo("model.layers.0.self_attn.q_proj");
        }
    }

    private static void assertClose(float[] actual, float[] expected, double relative) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
        }
        assertThat(difference / largest).isLessThan(relative);
    }
}
