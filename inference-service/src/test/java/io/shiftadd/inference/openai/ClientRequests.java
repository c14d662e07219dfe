package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Samples;
import io.shiftadd.inference.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A service, requests to it that are valid, and a model without a token that begins a text. */
abstract class ClientRequests {

    static final JsonMapper JSON = JsonMapper.shared();

    static final Map<String, String> VALID = Map.of(
            "/v1/completions", "{\"model\": \"llama-mini\", \"prompt\": \"Hi\", \"max_tokens\": 2, \"temperature\": 0}",
            "/v1/chat/completions",
                    "{\"model\": \"llama-mini\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}],"
                            + " \"max_tokens\": 2, \"temperature\": 0}",
            "/v1/embeddings", "{\"model\": \"llama-mini\", \"input\": \"Hi\"}",
            "/tokenize", "{\"model\": \"llama-mini\", \"prompt\": \"Hi\"}",
            "/detokenize", "{\"model\": \"llama-mini\", \"tokens\": [1, 5]}");

    @TempDir
    static Path models;

    static Service service;

    @BeforeAll
    static void start() throws IOException {
        service = new Service();
        addModelWithoutBos();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static void addModelWithoutBos() throws IOException {
        Path model = Files.createDirectory(models.resolve("no-bos"));
        try (Stream<Path> files = Files.list(Samples.model("llama-mini"))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        for (String name :
                List.of("config.json", "generation_config.json", "tokenizer_config.json", "tokenizer.json")) {
            Path file = model.resolve(name);
            if (Files.exists(file)) {
                ObjectNode json = (ObjectNode) JSON.readTree(Files.readAllBytes(file));
                json.remove(List.of("bos_token", "bos_token_id", "add_bos_token", "post_processor"));
                Files.writeString(file, json.toString());
            }
        }
        service.registry.add("no-bos", model.toString(), 7_000_000);
    }

    static ObjectNode valid(String path) {
        return (ObjectNode) JSON.readTree(VALID.get(path));
    }

    static Service.Answer with(String path, String fields) {
        String body = VALID.get(path);
        return service.post(path, body.substring(0, body.length() - 1) + ", " + fields + "}");
    }

    static JsonNode essence(Service.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        ObjectNode json = (ObjectNode) answer.json();
        json.remove(List.of("id", "created"));
        if (json.get("usage") instanceof ObjectNode usage) {
            // What was asked before is remembered, and its prompt need not be computed again.
            usage.remove("prompt_tokens_details");
        }
        return json;
    }
}
