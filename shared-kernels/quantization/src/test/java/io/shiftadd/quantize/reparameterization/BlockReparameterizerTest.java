package io.shiftadd.quantize.reparameterization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.calibration.CalibrationSet.Stream;
import io.shiftadd.quantize.calibration.SelfSampler;
import io.shiftadd.quantize.evaluation.Perplexity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the sample models, with text they have written themselves. */
class BlockReparameterizerTest {

    private static final ReparameterizationSettings LAT = ReparameterizationSettings.of(Method.LAT);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"opt-mini", "llama-mini"})
    void moreBitsComeNearerToTheOriginal(String sample) {
        try (KernelContext context = KernelContext.create(2);
                CausalLanguageModel original = open(sample)) {
            int[][] calibration = sampler(original, context).sample(8, 96, 1);
            int[][] evaluation = sampler(original, context).sample(4, 64, 2);
            double before = Perplexity.evaluate(original, evaluation, context).value();
            double two = reparameterized(sample, LAT, 2, calibration, evaluation, context);
            double four = reparameterized(sample, LAT, 4, calibration, evaluation, context);
            assertThat(four).isBetween(before * 0.97, before * 1.2);
            assertThat(two).isBetween(four, before * 4);
        }
    }

    @Test
    void aimingAtTheOriginalBringsTheHiddenStatesNearer() {
        ReparameterizationSettings paper = ReparameterizationSettings.paper(Method.ACC);
        try (KernelContext context = KernelContext.create(2);
                CausalLanguageModel original = open("llama-mini")) {
            int[][] calibration = sampler(original, context).sample(16, 96, 1);
            int[][] evaluation = sampler(original, context).sample(8, 96, 2);
            double published = reparameterized("llama-mini", paper, 2, calibration, evaluation, context);
            double best = reparameterized(
                    "llama-mini", ReparameterizationSettings.of(Method.ACC), 2, calibration, evaluation, context);
            assertThat(best).isLessThan(published);
        }
    }

    @Test
    void givesTheSameBitsOnAnyNumberOfThreadsAndWhenGoingOnAfterABreak() {
        int[][] windows;
        try (KernelContext context = KernelContext.create(2);
                CausalLanguageModel original = open("llama-mini")) {
            windows = sampler(original, context).sample(5, 40, 3);
        }
        List<byte[]> first = new ArrayList<>();
        try (KernelContext context = KernelContext.create(1);
                CausalLanguageModel model = open("llama-mini")) {
            CalibrationSet set = CalibrationSet.create(directory.resolve("one"), model, windows);
            for (int i = 0; i < 2; i++) {
                first.addAll(codes(reparameterize(model, i, set, context)));
            }
        }
        List<byte[]> second = new ArrayList<>();
        try (KernelContext context = KernelContext.create(3);
                CausalLanguageModel model = open("llama-mini")) {
            CalibrationSet set = CalibrationSet.create(directory.resolve("two"), model, windows);
            BlockResult result = reparameterize(model, 0, set, context);
            second.addAll(codes(result));
        }
        try (KernelContext context = KernelContext.create(2);
                CausalLanguageModel model = open("llama-mini")) {
            CalibrationSet set = CalibrationSet.open(directory.resolve("two"));
            assertThat(set.holds(1, Stream.REPARAMETERIZED)).isTrue();
            set.discardBefore(1);
            second.addAll(codes(reparameterize(model, 1, set, context)));
        }
        assertThat(second).hasSameSizeAs(first);
        for (int i = 0; i < first.size(); i++) {
            assertThat(second.get(i)).isEqualTo(first.get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void endsWithinAStageWhenItIsAskedTo(int threads) {
        try (KernelContext context = KernelContext.create(threads);
                CausalLanguageModel model = open("llama-mini")) {
            CalibrationSet set = CalibrationSet.create(
                    directory, model, sampler(model, context).sample(5, 40, 3));
            AtomicInteger questions = new AtomicInteger();
            context.interruptBy(questions::incrementAndGet);
            List<Integer> atStage = new ArrayList<>();
            new BlockReparameterizer(model, LAT, context)
                    .reparameterize(0, set, bits(model.block(0), 2), (_, _) -> atStage.add(questions.get()));
            for (int stage = 1; stage < atStage.size(); stage++) {
                assertThat(atStage.get(stage) - atStage.get(stage - 1)).isGreaterThan(100);
            }

            int enough = questions.get() / 2;
            questions.set(0);
            context.interruptBy(() -> {
                if (questions.incrementAndGet() >= enough) {
                    throw new CancellationException("asked to end");
                }
            });
            assertThatThrownBy(() -> reparameterize(model, 1, set, context)).isInstanceOf(CancellationException.class);
            // Chunks that were in work went on to their end; each of the others asked once more at most.
            assertThat(questions.get()).isLessThan(enough + 100);
            assertThat(set.holds(2, Stream.REPARAMETERIZED)).isFalse();
        }
    }

    @Test
    void refusesABlockWithoutBitsForALayer() {
        try (KernelContext context = KernelContext.create(1);
                CausalLanguageModel model = open("opt-mini")) {
            CalibrationSet set = CalibrationSet.create(directory, model, new int[][] {{2, 5, 7}});
            assertThatThrownBy(() -> new BlockReparameterizer(model, LAT, context)
                            .reparameterize(0, set, Map.of(), ProgressListener.NONE))
                    .hasMessageContaining("no bits are given for layer 'model.decoder.layers.0.self_attn.q_proj'");
        }
    }

    private double reparameterized(
            String sample,
            ReparameterizationSettings settings,
            int bits,
            int[][] calibration,
            int[][] evaluation,
            KernelContext context) {
        try (CausalLanguageModel model = open(sample)) {
            CalibrationSet set = CalibrationSet.create(directory, model, calibration);
            BlockReparameterizer reparameterizer = new BlockReparameterizer(model, settings, context);
            List<BlockResult> blocks = new ArrayList<>();
            for (int i = 0; i < model.blockCount(); i++) {
                blocks.add(reparameterizer.reparameterize(i, set, bits(model.block(i), bits), ProgressListener.NONE));
                set.discardBefore(i + 1);
            }
            CausalLanguageModel served = model.with(BlockResult.served(blocks));
            return Perplexity.evaluate(served, evaluation, context).value();
        }
    }

    private static BlockResult reparameterize(
            CausalLanguageModel model, int block, CalibrationSet set, KernelContext context) {
        return new BlockReparameterizer(model, LAT, context)
                .reparameterize(block, set, bits(model.block(block), 2), ProgressListener.NONE);
    }

    private static List<byte[]> codes(BlockResult result) {
        return result.layers().stream()
                .map(layer -> ((PackedLinear) layer.served()).unpack().codes())
                .toList();
    }

    private static Map<String, Integer> bits(DecoderBlock block, int bits) {
        Map<String, Integer> all = new HashMap<>();
        block.linearNames().forEach(name -> all.put(name, bits));
        return all;
    }

    private static SelfSampler sampler(CausalLanguageModel model, KernelContext context) {
        return new SelfSampler(model, OptionalInt.of(1), context);
    }

    private static CausalLanguageModel open(String sample) {
        Path path = Path.of("../../samples", sample);
        return CausalLanguageModel.open(Files.isDirectory(path) ? path : Path.of("samples", sample));
    }
}
