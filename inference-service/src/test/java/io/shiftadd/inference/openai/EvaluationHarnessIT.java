package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shiftadd.inference.Samples;
import io.shiftadd.inference.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * What lm-evaluation-harness's model type `local-completions` sends with tokenized requests, and how it reads the
 * answers: the log-likelihood of a continuation is the sum of {@code token_logprobs[ctxlen:-1]}, where the last entry
 * is the one token that it had to let the server generate. The float reference says what the sums are.
 */
class EvaluationHarnessIT {

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service();
        for (String family : List.of("llama", "opt", "bloom", "mistral", "gemma")) {
            Path model = Samples.shared("models/" + family + "-10m");
            if (Files.isDirectory(model)) {
                service.registry.add(family + "-10m", model.toString(), 30_000_000);
            }
        }
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** A continuation's log-likelihood, and whether the model would have said it by itself. */
    private record Scored(double logLikelihood, boolean greedy) {}

    private static List<Scored> logLikelihoods(String model, List<int[]> prompts, int contextLength, int maxTokens) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("model", model);
        body.put("prompt", prompts);
        body.put("temperature", 0);
        body.put("max_tokens", maxTokens);
        body.put("logprobs", 1);
        body.put("seed", 1234);
        body.put("echo", true);
        Service.Answer answer = service.post("/v1/completions", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        List<JsonNode> choices = new ArrayList<>(answer.json().at("/choices").values());
        choices.sort(Comparator.comparingInt(choice -> choice.path("index").intValue()));
        assertThat(choices).hasSameSizeAs(prompts);
        List<Scored> scored = new ArrayList<>();
        for (int i = 0; i < choices.size(); i++) {
            JsonNode logprobs = choices.get(i).path("logprobs");
            int length = prompts.get(i).length + maxTokens;
            for (String array : List.of("tokens", "token_logprobs", "top_logprobs", "text_offset")) {
                assertThat(logprobs.path(array)).as(array).hasSize(length);
            }
            assertThat(logprobs.at("/token_logprobs/0").isNull()).isTrue();
            scored.add(score(logprobs, contextLength, length - maxTokens));
        }
        return scored;
    }

    private static Scored score(JsonNode logprobs, int from, int until) {
        double sum = 0;
        boolean greedy = true;
        for (int i = from; i < until; i++) {
            double own = logprobs.path("token_logprobs").get(i).doubleValue();
            double most = logprobs.path("top_logprobs").get(i).values().stream()
                    .mapToDouble(JsonNode::doubleValue)
                    .max()
                    .orElseThrow();
            sum += own;
            greedy &= own == most;
        }
        return new Scored(sum, greedy);
    }

    @ParameterizedTest
    @CsvSource({
        "llama-mini,1",
        "llama-mini,0",
        "opt-mini,1",
        "opt-mini,0",
        "llama-10m,1",
        "opt-10m,1",
        "bloom-10m,1",
        "mistral-10m,1",
        "gemma-10m,1"
    })
    void sumsAreThoseOfTheFloatReference(String model, int maxTokens) {
        Samples.Reference reference = reference(model);
        for (int contextLength : new int[] {1, 4}) {
            List<int[]> prompts = new ArrayList<>();
            List<Double> expected = new ArrayList<>();
            for (int i = 0; i < reference.count(); i++) {
                int[] ids = reference.ids(i);
                if (ids.length > contextLength) {
                    prompts.add(ids);
                    double[] each = reference.logProbabilities(i);
                    expected.add(
                            Arrays.stream(each, contextLength - 1, each.length).sum());
                }
            }
            List<Scored> scored = logLikelihoods(model, prompts, contextLength, maxTokens);
            for (int i = 0; i < scored.size(); i++) {
                assertThat(scored.get(i).logLikelihood())
                        .as("prompt %d of %s", i, model)
                        .isCloseTo(expected.get(i), within(1e-3));
            }
        }
    }

    private static Samples.Reference reference(String model) {
        if (model.endsWith("-mini")) {
            return Samples.reference(model);
        }
        Path file = Samples.shared("references/trained/" + model + ".safetensors");
        assumeTrue(
                Files.exists(file) && Files.isDirectory(Samples.shared("models/" + model)),
                "the trained models and their references are not there: " + file);
        return Samples.referenceIn(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-mini", "opt-mini"})
    void whatTheModelContinuesWithIsGreedyAndWhatItDoesNotIsNot(String model) {
        Samples.Reference reference = Samples.reference(model);
        int[] prompt = reference.ids(0);
        int[] whole = Arrays.copyOf(prompt, prompt.length + 12);
        System.arraycopy(reference.greedy(), 0, whole, prompt.length, 12);
        int[] other = whole.clone();
        other[whole.length - 3] = whole[whole.length - 3] == 100 ? 101 : 100;
        List<Scored> scored = logLikelihoods(model, List.of(whole, other), prompt.length, 1);
        assertThat(scored.get(0).greedy()).isTrue();
        assertThat(scored.get(1).greedy()).isFalse();
        assertThat(scored.get(1).logLikelihood()).isLessThan(scored.get(0).logLikelihood());
    }

    @Test
    void aFullContextBeforeTheTokenThatItHasToAskForIsScored() {
        int[] ids = new int[511];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = 300 + i % 50;
        }
        assertThat(logLikelihoods("llama-mini", List.of(ids), 500, 1)).hasSize(1);
    }

    @Test
    void generatesUntilAStopText() {
        Service.Answer answer = service.post(
                "/v1/completions",
                Map.of(
                        "model",
                        "llama-mini",
                        "prompt",
                        List.of(Samples.reference("llama-mini").ids(0)),
                        "max_tokens",
                        40,
                        "temperature",
                        0,
                        "stop",
                        List.of("\n\n", ".", "Question:"),
                        "seed",
                        1234));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().at("/choices/0/text").stringValue()).doesNotContain(".");
    }
}
