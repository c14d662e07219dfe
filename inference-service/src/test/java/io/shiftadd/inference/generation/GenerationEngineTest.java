package io.shiftadd.inference.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.inference.Samples;
import io.shiftadd.inference.generation.GenerationEvent.Embedded;
import io.shiftadd.inference.generation.GenerationEvent.Finished;
import io.shiftadd.inference.generation.GenerationEvent.PromptScored;
import io.shiftadd.inference.generation.sampling.SamplingSettings;
import io.shiftadd.inference.generation.sampling.ScoredToken;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request gets. */
class GenerationEngineTest extends EngineFixture {

    @ParameterizedTest
    @ValueSource(strings = {"llama-mini", "opt-mini"})
    void continuesGreedilyAsTheReferenceDoes(String name) {
        Samples.Reference reference = Samples.reference(name);
        try (CausalLanguageModel other = CausalLanguageModel.open(Samples.model(name));
                Tokenizer words = Tokenizer.open(Samples.model(name));
                GenerationEngine own = new GenerationEngine(
                        new EngineModel(name, other, words, KvCache.Precision.FLOAT32),
                        settings(4, 4),
                        new CacheMemory(64 << 20),
                        turns,
                        EngineObserver.NONE)) {
            int[] expected = reference.greedy();
            GenerationRequest request = request(reference.ids(0), 1, expected.length, SamplingSettings.GREEDY, 0);
            List<GenerationEvent> events = drain(own.generate(List.of(request)), 1);
            assertThat(tokens(events, 0).stream().mapToInt(Integer::intValue).toArray())
                    .isEqualTo(expected);
        }
    }

    @Test
    void scoresPromptsAsTheReferenceDoes() {
        Samples.Reference reference = Samples.reference("llama-mini");
        for (int i = 0; i < reference.count(); i++) {
            int[] ids = reference.ids(i);
            GenerationRequest request = new GenerationRequest(
                    ids, 1, 0, SamplingSettings.GREEDY, 0, List.of(), List.of(), 1, true, false, Set.of(), null);
            List<GenerationEvent> events = drain(engine.generate(List.of(request)), 1);
            List<ScoredToken> scores = ((PromptScored) events.getFirst()).tokens();
            assertThat(scores).hasSize(ids.length);
            assertThat(scores.getFirst().logProbability()).isNull();
            double[] expected = reference.logProbabilities(i);
            for (int p = 0; p < expected.length; p++) {
                assertThat(scores.get(p + 1).logProbability()).isCloseTo(expected[p], within(1e-3));
            }
        }
    }

    @Test
    void drawsTheSameWhateverRunsBesideIt() {
        int[] prompt = encode("It was a dark night, and the old captain");
        List<Integer> alone = tokens(drain(engine.generate(List.of(request(prompt, 1, 48, WARM, 42))), 1), 0);
        assertThat(alone).hasSize(48);
        List<GenerationStream> others = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            others.add(engine.generate(List.of(request(encode("Number " + i + " said that the"), 2, 60, WARM, i))));
        }
        GenerationStream again = engine.generate(List.of(request(prompt, 3, 48, WARM, 42)));
        List<GenerationEvent> events = drain(again, 3);
        others.forEach(other -> drain(other, 2));
        assertThat(watch.mostTogether.get()).isGreaterThan(8);
        assertThat(tokens(events, 0)).isEqualTo(alone);
        assertThat(tokens(events, 1)).isNotEqualTo(alone);
    }

    @Test
    void everyPieceOfTextComesWithTheScoresOfItsTokens() {
        SamplingSettings hot = new SamplingSettings(2, 1, 0, 0, 1, 0, 0, Map.of());
        GenerationStream stream = engine.generate(List.of(request(encode("Tell me a story."), 400, 10, hot, 7)));
        List<GenerationEvent> events = drain(stream, 400);
        assertThat(events.stream()
                        .filter(e -> e instanceof GenerationEvent.Text t
                                && t.tokens().isEmpty()))
                .isEmpty();
    }

    @Test
    void stopsAtAStopStringAcrossTokens() {
        int[] prompt = encode("Once upon a time");
        String whole = text(drain(engine.generate(List.of(request(prompt, 1, 30, SamplingSettings.GREEDY, 0))), 1), 0);
        String stop = whole.substring(17, 26);
        GenerationRequest request = new GenerationRequest(
                prompt, 1, 30, SamplingSettings.GREEDY, 0, List.of(stop), List.of(), 0, false, false, Set.of(), null);
        List<GenerationEvent> events = drain(engine.generate(List.of(request)), 1);
        assertThat(text(events, 0)).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(((Finished) events.getLast()).reason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void endsAtAnEndToken() {
        int[] prompt = encode("Once upon a time");
        List<Integer> ids =
                tokens(drain(engine.generate(List.of(request(prompt, 1, 12, SamplingSettings.GREEDY, 0))), 1), 0);
        GenerationRequest request = new GenerationRequest(
                prompt,
                1,
                12,
                SamplingSettings.GREEDY,
                0,
                List.of(),
                List.of(ids.get(5)),
                0,
                false,
                false,
                Set.of(),
                null);
        List<GenerationEvent> events = drain(engine.generate(List.of(request)), 1);
        Finished end = (Finished) events.getLast();
        assertThat(tokens(events, 0)).isEqualTo(ids.subList(0, ids.indexOf(ids.get(5))));
        assertThat(end.reason()).isEqualTo(FinishReason.STOP);
        assertThat(end.end()).extracting(ScoredToken::id).containsExactly(ids.get(5));
    }

    @Test
    void embedsTheMeanOfTheNormedHiddenStates() {
        int[] ids = encode("A quiet harbour in the morning");
        float[] together = embedding(engine.embed(List.of(new EmbeddingRequest(ids))));
        assertThat(together).hasSize(model.config().hiddenSize());
        // Rows of an RMS norm without weights have length √D; the mean of such cannot be zero nor far longer.
        double square = 0;
        for (float value : together) {
            square += value * value;
        }
        assertThat(Math.sqrt(square)).isBetween(0.1, 1000.0);
        assertThat(embedding(engine.embed(List.of(new EmbeddingRequest(ids))))).isEqualTo(together);
    }

    private static float[] embedding(GenerationStream stream) {
        return ((Embedded) drain(stream, 1).getFirst()).embedding();
    }
}
