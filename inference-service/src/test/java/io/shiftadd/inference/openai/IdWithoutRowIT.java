package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.ScriptedModel;
import io.shiftadd.inference.Service;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tokens that the tokenizer has and the embedding has not are refused by name, wherever they come from. */
class IdWithoutRowIT {

    private static final List<Map<String, String>> SAYS_IMAGE =
            List.of(Map.of("role", "user", "content", "a <image> b"));

    @TempDir
    static Path models;

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service();
        add("image", ScriptedModel.like("llama-mini").token("<image>", false).rows(4096));
        add(
                "template",
                ScriptedModel.like("llama-mini")
                        .token("<image>", true)
                        .rows(4096)
                        .file("chat_template.jinja", "<image>{{ messages[0].content }}"));
        add(
                "bos",
                ScriptedModel.like("llama-mini")
                        .token("<bos>", true)
                        .rows(4096)
                        .tokenizer(IdWithoutRowIT::beginsWithIt));
    }

    private static void add(String name, ScriptedModel model) {
        service.registry.add(name, model.write(models.resolve(name), 400).toString(), 4_000_000);
    }

    private static void beginsWithIt(ObjectNode tokenizer) {
        ObjectNode special = (ObjectNode) tokenizer.at("/post_processor/special_tokens/<s>");
        special.putArray("ids").add(4096);
        special.putArray("tokens").add("<bos>");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static Stream<Arguments> ways() {
        return Stream.of(
                Arguments.of("/v1/completions", Map.of("model", "image", "prompt", "a <image> b"), "<image>"),
                Arguments.of("/v1/completions", Map.of("model", "image", "prompt", List.of(4096)), "4096"),
                Arguments.of(
                        "/v1/completions", Map.of("model", "image", "prompt", List.of("ok", "a <image> b")), "<image>"),
                Arguments.of(
                        "/v1/completions",
                        Map.of("model", "image", "prompt", "<image>", "max_tokens", 0, "echo", true, "logprobs", 1),
                        "<image>"),
                Arguments.of(
                        "/v1/completions",
                        Map.of("model", "image", "prompt", "x", "logit_bias", Map.of("4096", 1)),
                        "4096"),
                Arguments.of(
                        "/v1/completions",
                        Map.of("model", "image", "prompt", "x", "stop_token_ids", List.of(4096)),
                        "4096"),
                Arguments.of(
                        "/v1/completions", Map.of("model", "image", "prompt", "<image>", "stream", true), "<image>"),
                Arguments.of("/v1/completions", Map.of("model", "bos", "prompt", "x"), "<bos>"),
                Arguments.of("/v1/chat/completions", Map.of("model", "image", "messages", SAYS_IMAGE), "<image>"),
                Arguments.of(
                        "/v1/chat/completions",
                        Map.of("model", "template", "messages", List.of(Map.of("role", "user", "content", "x"))),
                        "<image>"),
                Arguments.of("/v1/embeddings", Map.of("model", "image", "input", "a <image> b"), "<image>"),
                Arguments.of("/v1/embeddings", Map.of("model", "bos", "input", "a"), "<bos>"),
                Arguments.of("/v1/embeddings", Map.of("model", "image", "input", List.of("ok", "<image>")), "<image>"));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void isRefusedByNameWhereverItComesFrom(String path, Map<String, Object> body, String token) {
        Service.Answer answer = service.post(path, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        JsonNode error = answer.error();
        assertThat(error.path("message").stringValue()).contains(token).contains("4096");
        assertThat(error.path("type").stringValue()).isEqualTo("invalid_request_error");
    }

    @Test
    void textsWithoutItAreAnswered() {
        Map<String, Object> body = new HashMap<>(Map.of("model", "image", "prompt", "a b", "max_tokens", 3));
        assertThat(service.post("/v1/completions", body).status()).isEqualTo(200);
        assertThat(service.post("/v1/embeddings", Map.of("model", "image", "input", "a b"))
                        .status())
                .isEqualTo(200);
    }
}
