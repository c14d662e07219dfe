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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A sample model to which a chat template is given: it is what writes the conversation, and what may refuse one. */
class ChatTemplateIT {

    private static final String TEMPLATE = """
            {{ bos_token }}{% for message in messages %}{% if loop.index0 > 0 and message['role'] == 'system' %}\
            {{ raise_exception('The system message must come first') }}{% endif %}\
            [{{ message['role'] }}] {{ message['content'] | trim }}
            {% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}""";

    @TempDir
    static Path models;

    private static Service service;

    @BeforeAll
    static void start() throws IOException {
        Path model = Files.createDirectory(models.resolve("templated"));
        try (Stream<Path> files = Files.list(Samples.model("llama-mini"))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Path config = model.resolve("tokenizer_config.json");
        ObjectNode settings = (ObjectNode) JsonMapper.shared().readTree(Files.readAllBytes(config));
        Files.writeString(config, settings.put("chat_template", TEMPLATE).toString());
        service = new Service();
        service.registry.add("templated", model.toString(), 7_000_000);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @SafeVarargs
    private static Service.Answer chat(Map<String, String>... messages) {
        return service.post(
                "/v1/chat/completions",
                Map.of("model", "templated", "messages", List.of(messages), "max_tokens", 12, "temperature", 0));
    }

    private static Map<String, String> message(String role, String content) {
        return Map.of("role", role, "content", content);
    }

    @Test
    void writesTheConversationAsTheModelWantsIt() {
        JsonNode chat = chat(message("system", "Be brief."), message("user", "  Hello there. "))
                .json();
        String prompt = "<s>[system] Be brief.\n[user] Hello there.\n[assistant]";
        JsonNode tokens = service.post(
                        "/tokenize", Map.of("model", "templated", "prompt", prompt, "add_special_tokens", false))
                .json()
                .at("/tokens");
        assertThat(tokens.get(0).intValue()).as("the template's own <s>").isEqualTo(1);
        assertThat(tokens.get(1).intValue()).as("and no second one").isNotEqualTo(1);
        JsonNode completion = service.post(
                        "/v1/completions",
                        Map.of("model", "templated", "prompt", tokens, "max_tokens", 12, "temperature", 0))
                .json();
        assertThat(chat.at("/choices/0/message/content")).isEqualTo(completion.at("/choices/0/text"));
        assertThat(chat.at("/usage/prompt_tokens")).isEqualTo(completion.at("/usage/prompt_tokens"));
    }

    @Test
    void tellsWhatTheTemplateRefuses() {
        Service.Answer answer = chat(message("user", "Hello"), message("system", "Be brief."));
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error().at("/param").stringValue()).isEqualTo("messages");
        assertThat(answer.error().at("/message").stringValue()).contains("The system message must come first");
    }
}
