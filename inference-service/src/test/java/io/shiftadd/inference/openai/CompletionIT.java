package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.inference.Samples;
import io.shiftadd.inference.Service;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class CompletionIT {

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Map<String, Object> body(Object prompt, Object... more) {
        Map<String, Object> body = new HashMap<>(Map.of("model", "llama-mini", "prompt", prompt));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    private static JsonNode complete(Object prompt, Object... more) {
        Service.Answer answer = service.post("/v1/completions", body(prompt, more));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static String text(JsonNode completion) {
        return completion.at("/choices/0/text").stringValue();
    }

    @Test
    void listsTheModelsOfTheRegistry() {
        JsonNode list = service.get("/v1/models").json();
        assertThat(list.at("/object").stringValue()).isEqualTo("list");
        assertThat(list.at("/data/0/id").stringValue()).isEqualTo("llama-mini");
        assertThat(list.at("/data/0/object").stringValue()).isEqualTo("model");
        assertThat(service.get("/v1/models/opt-mini").json().at("/id").stringValue())
                .isEqualTo("opt-mini");
        assertThat(service.get("/v1/models/none").error().at("/code").stringValue())
                .isEqualTo("model_not_found");
    }

    @Test
    void answersInTheShapeOfTheApi() {
        JsonNode answer = complete("Once upon a time", "max_tokens", 5, "temperature", 0);
        assertThat(answer.propertyNames())
                .containsExactlyInAnyOrder(
                        "id", "object", "created", "model", "system_fingerprint", "choices", "usage");
        assertThat(answer.at("/object").stringValue()).isEqualTo("text_completion");
        assertThat(answer.at("/id").stringValue()).startsWith("cmpl-");
        assertThat(answer.at("/choices/0").propertyNames())
                .containsExactlyInAnyOrder("text", "index", "logprobs", "finish_reason");
        assertThat(answer.at("/choices/0/finish_reason").stringValue()).isEqualTo("length");
        assertThat(answer.at("/usage/prompt_tokens").intValue()).isEqualTo(6);
        assertThat(answer.at("/usage/completion_tokens").intValue()).isEqualTo(5);
        assertThat(answer.at("/usage/total_tokens").intValue()).isEqualTo(11);
    }

    @Test
    void generatesSixteenTokensWhenNotTold() {
        assertThat(complete("Once upon a time").at("/usage/completion_tokens").intValue())
                .isLessThanOrEqualTo(16);
    }

    @Test
    void numbersChoicesByPromptThenChoice() {
        JsonNode answer = complete(List.of("Once", "Twice"), "n", 3, "max_tokens", 2, "echo", true, "seed", 1);
        assertThat(answer.at("/choices")).hasSize(6);
        for (int i = 0; i < 6; i++) {
            assertThat(answer.at("/choices/" + i + "/index").intValue()).isEqualTo(i);
            assertThat(answer.at("/choices/" + i + "/text").stringValue()).startsWith(i < 3 ? "Once" : "Twice");
        }
    }

    @Test
    void answersTheMostProbableOfSeveral() {
        Object[] sampling = {"max_tokens", 6, "seed", 5, "temperature", 1.5, "logprobs", 0};
        List<Object> all = new ArrayList<>(List.of(sampling));
        all.addAll(List.of("n", 8));
        JsonNode candidates = complete("Once upon a time", all.toArray());
        all.set(all.size() - 1, 1);
        all.addAll(List.of("best_of", 8));
        JsonNode best = complete("Once upon a time", all.toArray());
        double most = Double.NEGATIVE_INFINITY;
        for (JsonNode choice : candidates.at("/choices")) {
            most = Math.max(most, mean(choice));
        }
        assertThat(best.at("/choices")).hasSize(1);
        assertThat(mean(best.at("/choices/0"))).isEqualTo(most);
        assertThat(best.at("/usage/completion_tokens").intValue()).isEqualTo(48);
    }

    private static double mean(JsonNode choice) {
        return choice.at("/logprobs/token_logprobs").values().stream()
                .mapToDouble(JsonNode::doubleValue)
                .average()
                .orElseThrow();
    }

    @Test
    void stopsAtAnyOfManyStopTexts() {
        String whole = text(complete("Once upon a time", "max_tokens", 30, "temperature", 0));
        List<String> stops = new ArrayList<>(List.of("qq1", "qq2", "qq3", "qq4", whole.substring(11, 15)));
        JsonNode answer = complete("Once upon a time", "max_tokens", 30, "temperature", 0, "stop", stops);
        assertThat(text(answer)).isEqualTo(whole.substring(0, whole.indexOf(stops.get(4))));
        assertThat(answer.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
    }

    @Test
    void drawsTheSameForASeedWhateverElseRuns() {
        Object[] asked = {"max_tokens", 24, "seed", 77, "temperature", 1.1, "top_p", 0.9};
        String alone = text(complete("The captain", asked));
        List<CompletableFuture<JsonNode>> together = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Object prompt = i % 2 == 0 ? "The captain" : "Other " + i;
            together.add(CompletableFuture.supplyAsync(() -> complete(prompt, asked), Thread::startVirtualThread));
        }
        for (int i = 0; i < 8; i += 2) {
            assertThat(text(together.get(i).join())).isEqualTo(alone);
        }
        together.forEach(CompletableFuture::join);
    }

    @Test
    void biasesTokens() {
        JsonNode answer = complete(
                "Once upon a time", "max_tokens", 4, "temperature", 0, "logprobs", 1, "logit_bias", Map.of("403", 100));
        int[] ids = {403, 403, 403, 403};
        assertThat(text(answer))
                .isEqualTo(service.post("/detokenize", Map.of("model", "llama-mini", "tokens", ids))
                        .json()
                        .at("/prompt")
                        .stringValue()
                        .indent(0)
                        .strip()
                        .transform(word -> (" " + word)));
    }

    /** What lm-evaluation-harness sends, and how it reads the answer. */
    @ParameterizedTest
    @CsvSource({"llama-mini,1", "llama-mini,0", "opt-mini,1"})
    void scoresPromptsForEvaluationHarnesses(String model, int maxTokens) {
        Samples.Reference reference = Samples.reference(model);
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < reference.count(); i++) {
            prompts.add(reference.ids(i));
        }
        Service.Answer answer = service.post(
                "/v1/completions",
                Map.of(
                        "model",
                        model,
                        "prompt",
                        prompts,
                        "max_tokens",
                        maxTokens,
                        "logprobs",
                        1,
                        "echo",
                        true,
                        "temperature",
                        0,
                        "seed",
                        1234));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        for (int i = 0; i < prompts.size(); i++) {
            JsonNode logprobs = answer.json().at("/choices/" + i + "/logprobs");
            int length = prompts.get(i).length + maxTokens;
            for (String array : List.of("tokens", "token_logprobs", "top_logprobs", "text_offset")) {
                assertThat(logprobs.path(array)).as(array).hasSize(length);
            }
            assertThat(logprobs.at("/token_logprobs/0").isNull()).isTrue();
            assertThat(logprobs.at("/top_logprobs/0").isNull()).isTrue();
            double[] expected = reference.logProbabilities(i);
            double sum = 0;
            for (int p = 0; p < expected.length; p++) {
                double score = logprobs.at("/token_logprobs/" + (p + 1)).doubleValue();
                sum += score;
                assertThat(score).isCloseTo(expected[p], within(1e-3));
                JsonNode top = logprobs.at("/top_logprobs/" + (p + 1));
                assertThat(top.values().stream().mapToDouble(JsonNode::doubleValue))
                        .contains(score)
                        .hasSizeBetween(1, 2);
            }
            assertThat(sum).isCloseTo(Arrays.stream(expected).sum(), within(1e-3));
        }
    }

    @Test
    void givesEachTokenWhereItsTextBegins() {
        JsonNode choice = complete("Once upon a time", "max_tokens", 8, "temperature", 0, "logprobs", 2, "echo", true)
                .at("/choices/0");
        String text = choice.at("/text").stringValue();
        assertThat(text).startsWith("Once upon a time");
        JsonNode logprobs = choice.at("/logprobs");
        for (int i = 2; i < logprobs.at("/tokens").size(); i++) {
            int offset = logprobs.at("/text_offset/" + i).intValue();
            assertThat(text.substring(offset))
                    .startsWith(logprobs.at("/tokens/" + i).stringValue());
        }
    }

    @Test
    void answersThePromptAloneForNoTokens() {
        JsonNode answer = complete("Once upon a time", "max_tokens", 0, "echo", true);
        assertThat(text(answer)).isEqualTo("Once upon a time");
        assertThat(answer.at("/usage/completion_tokens").intValue()).isZero();
    }

    @Test
    void addsNothingToPromptsOfIds() {
        assertThat(complete(List.of(676, 1416), "max_tokens", 1)
                        .at("/usage/prompt_tokens")
                        .intValue())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"max_token\":3} | max_token | max_tokens",
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"tools\":[{}]} | tools | not supported",
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"temperature\":2.5} | temperature | from 0 to 2",
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"temperature\":\"hot\"} | temperature | number",
                "{\"model\":\"llama-mini\",\"prompt\":[1,\"a\"]} | prompt | token ids",
                "{\"model\":\"llama-mini\",\"prompt\":[99999]} | prompt | vocabulary",
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"max_tokens\":-1} | max_tokens | at least 0",
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"max_tokens\":1.5} | max_tokens | whole",
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"n\":129} | n | 128",
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"best_of\":21} | best_of | 20",
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"n\":3,\"best_of\":2} | best_of | at least",
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"best_of\":2,\"stream\":true} | best_of | stream",
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"logprobs\":6} | logprobs | 5",
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"stop\":[\"\"]} | stop | characters",
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"logit_bias\":{\"5000\":1}} | logit_bias | vocabulary",
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"logit_bias\":{\"x\":1}} | logit_bias | token ids",
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"stream\":\"yes\"} | stream | true or false",
                "{\"prompt\":\"a\"} | model | name"
            })
    void refusesAndNamesTheField(String body, String field, String says) {
        Service.Answer answer = service.post("/v1/completions", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().at("/type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(answer.error().at("/param").stringValue()).isEqualTo(field);
        assertThat(answer.error().at("/message").stringValue()).contains(field).contains(says);
    }

    @Test
    void refusesMoreThanTheContext() {
        Service.Answer answer = service.post("/v1/completions", body("Once", "max_tokens", 600));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().at("/code").stringValue()).isEqualTo("context_length_exceeded");
        answer = service.post("/v1/completions", body("word ".repeat(100_000)));
        assertThat(answer.error().at("/code").stringValue()).isEqualTo("context_length_exceeded");
        answer = service.post("/v1/completions", body(new int[513]));
        assertThat(answer.error().at("/code").stringValue()).isEqualTo("context_length_exceeded");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "\"text\"",
                "{\"model\":\"llama-mini\",\"prompt\":NaN}",
                "{\"model\":\"a\",\"model\":\"b\",\"prompt\":\"c\"}",
                "{} {}",
                "{\"temperature\":1e999999999}"
            })
    void refusesWhatIsNoJsonObject(String body) {
        Service.Answer answer = service.post("/v1/completions", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().at("/message").stringValue()).isNotEmpty();
    }

    @Test
    void refusesDeepAndLargeBodies() {
        String deep = "{\"prompt\":" + "[".repeat(70) + "]".repeat(70) + "}";
        assertThat(service.post("/v1/completions", deep).error().at("/message").stringValue())
                .contains("64 levels");
        String large = "{\"prompt\":\"" + "x".repeat(5 << 20) + "\"}";
        Service.Answer answer = service.post("/v1/completions", large);
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.error().at("/code").stringValue()).isEqualTo("request_too_large");
    }

    @Test
    void answersUnknownPathsAndMethodsWithTheErrorObject() {
        assertThat(service.get("/v1/nothing").error().at("/code").stringValue()).isEqualTo("unknown_url");
        assertThat(service.get("/v1/completions").status()).isEqualTo(405);
        assertThat(service.get("/v1/completions").error().at("/code").stringValue())
                .isEqualTo("method_not_allowed");
        assertThat(service.post("/v1/completions", body("a", "model", "nothing"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void givesEveryAnswerARequestId() {
        assertThat(service.get("/health").header("x-request-id")).startsWith("req_");
        assertThat(service.get("/health", "x-request-id", "mine-1").header("x-request-id"))
                .isEqualTo("mine-1");
        assertThat(service.get("/health", "x-request-id", "no good!").header("x-request-id"))
                .startsWith("req_");
    }
}
