package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.format.gguf.TinyGguf;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GGUF file goes the whole way: registered, reparameterized, published, opened and generated with. */
class GgufJobIT {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final List<String> TEXTS = List.of(
            "", "the quick and thing", "  two  spaces", "Größe 日本語 🙂", "line\nline\t", "<s>the</s>", "a", "zzz the");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void becomesAnArtifactThatGenerates(boolean registersDirectory) throws Exception {
        Path source = Files.createDirectories(directory.resolve("source"));
        Path gguf = TinyGguf.write(source.resolve("tiny.gguf"));
        Path artifact = artifact(registersDirectory ? source : gguf);

        try (Tokenizer original = Tokenizer.open(gguf);
                Tokenizer published = Tokenizer.open(artifact)) {
            for (String text : TEXTS) {
                assertThat(published.encode(text, true)).as(text).isEqualTo(original.encode(text, true));
            }
            assertThat(published.encode("the", true)).hasSize(2);
            assertThat(published.bosId()).isEqualTo(original.bosId());
            assertThat(published.eosIds()).isEqualTo(original.eosIds()).containsExactly(2);
            List<Integer> packed = greedy(artifact, published.encode("the quick", true), false);
            assertThat(packed).hasSize(24).isEqualTo(greedy(artifact, published.encode("the quick", true), true));
            assertThat(published.decode(
                            packed.stream().mapToInt(Integer::intValue).toArray(), true))
                    .isNotNull();
        }
        try (CausalLanguageModel before = CausalLanguageModel.open(gguf);
                CausalLanguageModel after = CausalLanguageModel.open(artifact)) {
            float[] head = before.headWeights();
            for (int i = 0; i < head.length; i++) {
                head[i] = Float.float16ToFloat(Float.floatToFloat16(head[i]));
            }
            assertThat(after.headWeights()).isEqualTo(head);
            assertThat(after.config()).isEqualTo(before.config());
        }
    }

    private Path artifact(Path source) throws Exception {
        try (Registry registry = new Registry();
                Worker _ = Worker.start(registry, directory.resolve("data"), Map.of())) {
            UUID model = registry.addModel("tiny-gguf", source);
            Map<String, Object> settings = new HashMap<>(Samples.settings("acc", 4));
            settings.put("sequenceLength", 32);
            UUID job = registry.job(model).settings(settings).post("tiny-gguf-acc");
            registry.awaitSuccess(job, LIMIT);
            return Path.of(registry.resultColumn(job, "location", String.class));
        }
    }

    /** @param atOnce whether all tokens so far are computed again for each, instead of one with a cache */
    private static List<Integer> greedy(Path artifact, int[] prompt, boolean atOnce) {
        try (CausalLanguageModel model = CausalLanguageModel.open(artifact);
                KernelContext context = KernelContext.create(2)) {
            assertThat(model.block(0).linear(model.block(0).linearNames().getFirst()))
                    .isInstanceOf(PackedLinear.class);
            List<Integer> ids = new ArrayList<>();
            KvCache cache = model.newCache(128);
            int[] next = prompt;
            while (ids.size() < 24) {
                int id = best(model, cache, next, context);
                ids.add(id);
                if (atOnce) {
                    cache = model.newCache(128);
                    next = IntStream.concat(Arrays.stream(prompt), ids.stream().mapToInt(Integer::intValue))
                            .toArray();
                } else {
                    next = new int[] {id};
                }
            }
            return ids;
        }
    }

    private static int best(CausalLanguageModel model, KvCache cache, int[] ids, KernelContext context) {
        int width = model.config().hiddenSize();
        float[] hidden = new float[ids.length * width];
        model.forward(new TokenBatch(ids, List.of(new TokenBatch.Segment(cache, ids.length))), hidden, context);
        float[] last = Arrays.copyOfRange(hidden, hidden.length - width, hidden.length);
        float[] logits = new float[model.config().vocabularySize()];
        model.logits(last, 1, logits, context);
        int best = 0;
        for (int i = 0; i < logits.length; i++) {
            assertThat(logits[i]).isFinite();
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }
}
