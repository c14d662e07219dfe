package io.shiftadd.inference.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Samples;
import io.shiftadd.inference.ScriptedModel;
import io.shiftadd.inference.generation.GenerationEvent.Finished;
import io.shiftadd.inference.generation.GenerationEvent.Text;
import io.shiftadd.inference.generation.sampling.SamplingSettings;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.tokenizer.IncrementalDecoder;
import io.shiftadd.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine makes of tokens, with models that write known ones. */
class DecodingTest {

    private static final String TEXT = "Hello 你好吗, ça va? 😀😀 日本語です。\nA €5 café;\n\n🙂 end 你".repeat(2);

    @TempDir
    Path directory;

    private void serve(ScriptedModel model, int[] script, BiConsumer<GenerationEngine, Tokenizer> test) {
        Path location = model.write(directory.resolve("scripted"), script);
        try (CausalLanguageModel weights = CausalLanguageModel.open(location);
                Tokenizer tokenizer = Tokenizer.open(location);
                ComputeTurns turns = new ComputeTurns(2);
                GenerationEngine engine = new GenerationEngine(
                        new EngineModel("scripted", weights, tokenizer, KvCache.Precision.FLOAT32),
                        EngineFixture.settings(64, 512),
                        new CacheMemory(256 << 20),
                        turns,
                        EngineObserver.NONE)) {
            test.accept(engine, tokenizer);
        }
    }

    private static GenerationRequest greedy(int[] prompt, int maxTokens, List<String> stops, boolean echo) {
        return new GenerationRequest(
                prompt, 1, maxTokens, SamplingSettings.GREEDY, 0, stops, List.of(), 0, false, echo, Set.of(), null);
    }

    private static List<String> pieces(GenerationEngine engine, GenerationRequest request) {
        return EngineFixture.drain(engine.generate(List.of(request)), 1).stream()
                .filter(Text.class::isInstance)
                .map(event -> ((Text) event).text())
                .toList();
    }

    private static String answer(GenerationEngine engine, GenerationRequest request) {
        return String.join("", pieces(engine, request));
    }

    private static int[] encode(String sample, String text) {
        try (Tokenizer tokenizer = Tokenizer.open(Samples.model(sample))) {
            return tokenizer.encode(text, true);
        }
    }

    /** A head that is stored is what the model was trained with, whatever its config says of tying. */
    @Test
    void aHeadThatIsStoredIsUsedThoughTheConfigSaysThatItIsTied() throws IOException {
        int[] script = encode("llama-mini", TEXT);
        ScriptedModel model = ScriptedModel.like("llama-mini");
        Path untied = model.write(directory.resolve("untied"), script);
        String config = Files.readString(untied.resolve("config.json"));
        serve(model.file("config.json", config.replace("false, \"bos", "true, \"bos")), script, (engine, tokenizer) -> {
            String answer = answer(engine, greedy(Arrays.copyOf(script, 3), 6, List.of(), false));
            // The last character may have been cut.
            assertThat(answer.replace("\uFFFD", "")).isNotEmpty().isSubstringOf(TEXT);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-mini", "opt-mini"})
    void anAnswerGoesOnWhereItsPromptEndsAtEverySplit(String sample) {
        int[] script = encode(sample, TEXT);
        serve(ScriptedModel.like(sample), script, (engine, tokenizer) -> {
            for (int split = 1; split < script.length; split++) {
                int most = Math.min(script.length - split, 24);
                int[] prompt = Arrays.copyOf(script, split);
                String answer = answer(engine, greedy(prompt, most, List.of(), false));
                IncrementalDecoder all = tokenizer.incrementalDecoder();
                StringBuilder certain = new StringBuilder();
                for (int id : prompt) {
                    certain.append(all.push(id));
                }
                String together = certain + answer;
                // But for a character that the end cuts, this is the text itself.
                assertThat(TEXT).startsWith(together.replaceAll("\uFFFD+$", ""));
                assertThat(certain + answer(engine, greedy(prompt, most, List.of(), true)))
                        .isEqualTo(together);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-mini", "opt-mini"})
    void randomTokensAreDecodedTogetherWithTheirPrompt(String sample) {
        Random random = new Random(11);
        // Low ids are the bytes, so that much is malformed UTF-8.
        int[] script = random.ints(ScriptedModel.CONTEXT, 3, 600).toArray();
        serve(ScriptedModel.like(sample), script, (engine, tokenizer) -> {
            for (int round = 0; round < 150; round++) {
                int split = random.nextInt(1, script.length - 30);
                int end = split + random.nextInt(1, 30);
                IncrementalDecoder whole = tokenizer.incrementalDecoder();
                StringBuilder certain = new StringBuilder();
                for (int i = 0; i < split; i++) {
                    certain.append(whole.push(script[i]));
                }
                StringBuilder text = new StringBuilder(certain);
                for (int i = split; i < end; i++) {
                    text.append(whole.push(script[i]));
                }
                text.append(whole.finish());
                int[] prompt = Arrays.copyOf(script, split);
                String echoed = answer(engine, greedy(prompt, end - split, List.of(), true));
                assertThat(certain + echoed).isEqualTo(text.toString());
                String answer = answer(engine, greedy(prompt, end - split, List.of(), false));
                assertThat(echoed).isIn(answer, "\uFFFD" + answer);
            }
        });
    }

    @Test
    void whatATokenLimitCutsKeepsItsWholeCharacters() {
        try (Tokenizer samples = Tokenizer.open(Samples.model("llama-mini"))) {
            int[] script = ScriptedModel.bytes(samples, "你".getBytes(StandardCharsets.UTF_8));
            serve(ScriptedModel.like("llama-mini"), script, (engine, tokenizer) -> {
                int[] prompt = {1, 381, 392};
                for (int most = 1; most <= 62; most++) {
                    String answer = answer(engine, greedy(prompt, most, List.of(), false));
                    assertThat(answer).isEqualTo("你".repeat(most / 3) + (most % 3 == 0 ? "" : "\uFFFD"));
                }
                assertThat(pieces(engine, greedy(prompt, 60, List.of(), false))).hasSize(20);
            });
        }
    }

    @Test
    void aStopIsLookedForInTheAnswerAlone() {
        ScriptedModel model = ScriptedModel.like("llama-mini").without("\n");
        try (Tokenizer samples = Tokenizer.open(model.write(directory.resolve("tokens"), 5))) {
            String text = "Hello\n\nthe first line\nthe second";
            int[] script = samples.encode(text, true);
            int[] prompt = samples.encode("Hello\n\n", true);
            assertThat(prompt).isEqualTo(Arrays.copyOf(script, prompt.length));
            assertThat(samples.token(prompt[prompt.length - 1])).isEqualTo("<0x0A>");
            serve(
                    model,
                    script,
                    (engine, tokenizer) -> assertThat(
                                    answer(engine, greedy(prompt, script.length - prompt.length, List.of("\n"), false)))
                            .isEqualTo("the first line"));
        }
    }

    @Test
    void stopsAtSpecialTokensAsTheyAreWritten() {
        ScriptedModel model =
                ScriptedModel.like("llama-mini").token("<|im_end|>", true).token("<|im_start|>", true);
        int the = encode("llama-mini", "the")[1];
        int[] script = {1, the, the, 4097, the, 4096, the, the, 1};
        serve(model, script, (engine, tokenizer) -> {
            int[] prompt = {1};
            assertThat(answer(engine, greedy(prompt, 7, List.of(), false))).isEqualTo("the the the the the");
            assertThat(answer(engine, greedy(prompt, 7, List.of("<|im_end|>"), false)))
                    .isEqualTo("the the the");
            assertThat(answer(engine, greedy(prompt, 7, List.of("<|im_start|> the<|im_end|>"), false)))
                    .isEqualTo("the the");
            assertThat(answer(engine, greedy(prompt, 7, List.of("<|im_end|> them"), false)))
                    .isEqualTo("the the the the the");
            GenerationRequest byId = new GenerationRequest(
                    prompt,
                    1,
                    7,
                    SamplingSettings.GREEDY,
                    0,
                    List.of(),
                    List.of(4097),
                    0,
                    false,
                    false,
                    Set.of(),
                    null);
            List<GenerationEvent> events = EngineFixture.drain(engine.generate(List.of(byId)), 1);
            assertThat(EngineFixture.text(events, 0)).isEqualTo("the the");
            assertThat(((Finished) events.getLast()).reason()).isEqualTo(FinishReason.STOP);
        });
    }

    @Test
    void everyPieceComesWithTheScoresOfItsTokensInOrder() {
        int[] script = encode("llama-mini", TEXT);
        serve(ScriptedModel.like("llama-mini"), script, (engine, tokenizer) -> {
            GenerationRequest request = greedy(Arrays.copyOf(script, 3), 60, List.of(), false);
            List<GenerationEvent> events = EngineFixture.drain(engine.generate(List.of(request)), 1);
            List<Integer> ids = new ArrayList<>();
            for (GenerationEvent event : events) {
                if (event instanceof Text text) {
                    assertThat(text.tokens()).isNotEmpty();
                    text.tokens().forEach(token -> ids.add(token.id()));
                }
            }
            assertThat(ids)
                    .containsExactlyElementsOf(
                            Arrays.stream(script, 3, 63).boxed().toList());
        });
    }
}
