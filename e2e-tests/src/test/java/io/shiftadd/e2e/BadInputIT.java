package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.cli.stack.Service;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What is wrong is refused before any work, and the answer names it. */
class BadInputIT {

    private static Http platform;
    private static Http openAi;

    @BeforeAll
    static void start() {
        Registry registry = new Registry(Platform.get());
        registry.importSample("llama-mini");
        platform = registry.http();
        openAi = new Http(Platform.get().url(Service.INFERENCE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bits        | {"model": "llama-mini", "bits": 7}
            bits        | {"model": "llama-mini"}
            meanBits    | {"model": "llama-mini", "meanBits": 9.5}
            method      | {"model": "llama-mini", "bits": 3, "method": "fast"}
            model       | {"model": "no-such-model", "bits": 3}
            samples     | {"model": "llama-mini", "bits": 3, "samples": -1}
            bitz        | {"model": "llama-mini", "bitz": 3}
            """)
    void aJobThatCannotBeIsRefusedByTheNameOfItsField(String field, String request) {
        Http.Answer answer = platform.post("/api/v1/jobs", request);
        assertThat(answer.status()).as(answer.text()).isBetween(400, 422);
        assertThat(answer.contentType()).isEqualTo("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.path("type").asString()).startsWith("urn:shiftadd:problem:");
        assertThat(problem.path("errors")
                        .valueStream()
                        .map(error -> error.path("field").asString()))
                .contains(field);
        assertThat(answer.text()).doesNotContain("Exception").doesNotContain("at io.shiftadd");
    }

    @ParameterizedTest
    @CsvSource({"/etc", "../../etc", "no-such-directory"})
    void aModelOutsideOfTheAllowedRootsIsRefused(String path) {
        Http.Answer answer = platform.post("/api/v1/models", "{\"path\": \"" + path + "\"}");
        assertThat(answer.status()).as(answer.text()).isBetween(400, 422);
        assertThat(answer.contentType()).isEqualTo("application/problem+json");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        Http.Answer answer = platform.get("/api/v1/jobs/00000000-0000-0000-0000-000000000000");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.contentType()).isEqualTo("application/problem+json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            404 | model       | {"model": "no-such-model", "prompt": "a"}
            400 | temperature | {"model": "llama-mini", "prompt": "a", "temperature": 3}
            400 | max_tokens  | {"model": "llama-mini", "prompt": "a", "max_tokens": -1}
            400 | n           | {"model": "llama-mini", "prompt": "a", "n": 1000}
            """)
    void aCompletionThatCannotBeIsRefusedAsOpenAiDoes(int status, String parameter, String request) {
        Http.Answer answer = openAi.post("/v1/completions", request);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        JsonNode error = answer.json().path("error");
        assertThat(error.propertyNames()).contains("message", "type", "param", "code");
        assertThat(error.path("param").asString()).isEqualTo(parameter);
    }

    @Test
    void aPromptBeyondTheContextIsRefusedBeforeAnyWork() {
        String prompt = "word ".repeat(2000);
        Http.Answer answer =
                openAi.post("/v1/completions", "{\"model\": \"llama-mini\", \"prompt\": \"" + prompt + "\"}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.json().path("error").path("code").asString()).isEqualTo("context_length_exceeded");
    }
}
