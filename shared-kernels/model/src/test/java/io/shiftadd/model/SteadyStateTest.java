package io.shiftadd.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;
import io.shiftadd.kernel.rotation.HadamardRotation;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Decoding keeps its vectors in registers once it is compiled: on the heap they would cost more than their arithmetic.
 *
 * <p>Where a loop ends the compiler now and then boxes a vector that it keeps in a register in another run, so none at
 * all cannot be asked for; {@code bench decode} prints what a token leaves. In a loop over the weights each vector on
 * the heap takes more bytes than the weights it was computed from.
 */
class SteadyStateTest {

    private static final int CONTEXT = 64;

    /** The weights take so many times the bytes that a token may leave behind. */
    private static final long SHARE = 10;

    private static final long PATIENCE_NANOS = 60_000_000_000L;

    @ParameterizedTest
    @CsvSource({"column, FLOAT32", "block, FLOAT16", "none, FLOAT32", "column, INT8"})
    void aDecodedTokenKeepsItsVectorsInRegisters(String group, KvCache.Precision precision) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (CausalLanguageModel opened = Layouts.open("llama-gqa-sharded");
                KernelContext context = KernelContext.create(1)) {
            long bound = weights(opened) * Float.BYTES / SHARE;
            CausalLanguageModel model = group.equals("none") ? opened : packed(opened, group.equals("block"));
            KvCache cache = model.newCache(CONTEXT, precision);
            float[] hidden = new float[model.config().hiddenSize()];
            float[] logits = new float[model.config().vocabularySize()];
            int[] ids = {5};
            long start = System.nanoTime();
            long least = Long.MAX_VALUE;
            while (least > bound && System.nanoTime() - start < PATIENCE_NANOS) {
                cache.truncate(0);
                for (int i = 0; i < CONTEXT; i++) {
                    long before = threads.getCurrentThreadAllocatedBytes();
                    model.forward(new TokenBatch(ids, List.of(new TokenBatch.Segment(cache, 1))), hidden, context);
                    model.logits(hidden, 1, logits, context);
                    least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
                }
            }
            assertThat(least).as("bytes a token").isLessThanOrEqualTo(bound);
        }
    }

    private static long weights(CausalLanguageModel model) {
        long weights = (long) model.head().inputs() * model.head().outputs();
        for (int i = 0; i < model.blockCount(); i++) {
            DecoderBlock block = model.block(i);
            for (String name : block.linearNames()) {
                weights +=
                        (long) block.linear(name).inputs() * block.linear(name).outputs();
            }
        }
        return weights;
    }

    private static CausalLanguageModel packed(CausalLanguageModel model, boolean blockWise) {
        Map<String, LinearLayer> layers = new HashMap<>();
        Random random = new Random(3);
        for (int i = 0; i < model.blockCount(); i++) {
            DecoderBlock block = model.block(i);
            for (String name : block.linearNames()) {
                LinearLayer layer = block.linear(name);
                layers.put(name, packed(layer, blockWise, block.bias(name), random));
            }
        }
        return model.with(layers).withHead(packed(model.head(), blockWise, null, random));
    }

    private static PackedLinear packed(LinearLayer layer, boolean blockWise, float[] bias, Random random) {
        int outputs = layer.outputs();
        int inputs = layer.inputs();
        GroupShape groups = blockWise ? GroupShape.blockWise(outputs) : GroupShape.columnWise(outputs);
        byte[] terms = new byte[2 * groups.rowGroups(outputs) * groups.columnGroups(inputs)];
        for (int i = 0; i < terms.length; i++) {
            terms[i] = (byte) (64 - 3 - random.nextInt(3));
        }
        byte[] codes = new byte[outputs * inputs];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) random.nextInt(4);
        }
        ApotScales scales = new ApotScales(2, groups.rowGroups(outputs), groups.columnGroups(inputs), 1, terms);
        return PackedLinear.pack(
                new BinaryCoding(outputs, inputs, 2, groups, scales, codes),
                bias,
                HadamardRotation.random(inputs, 1),
                HadamardRotation.random(outputs, 2));
    }
}
