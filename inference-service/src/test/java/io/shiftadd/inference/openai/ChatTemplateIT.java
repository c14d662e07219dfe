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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /** As those of models that take pictures, too. */
    private static final String WALKS_OVER_PARTS = """
            {% for m in messages %}{{ m['role'] }}:{% for p in m['content'] %}\
            {% if p['type'] == 'text' %}{{ p['text'] }}{% endif %}{% endfor %};{% endfor %}""";

    private static final String TEXT_OR_PARTS = """
            {% for m in messages %}{% if m.content is string %}S{{ m.content }}{% else %}\
            {% for c in m.content %}P{{ c.text }}{% endfor %}{% endif %}{% endfor %}""";

    /** Shows what a template writes: its own refusal has it. */
    private static String shown(String template) {
        return "{% set out %}" + template + "{% endset %}{{ raise_exception('[' ~ out ~ ']') }}";
    }

    @BeforeAll
    static void start() throws IOException {
        service = new Service();
        addModel("templated", TEMPLATE);
        addModel("parts", shown(WALKS_OVER_PARTS));
        addModel("either", shown(TEXT_OR_PARTS));
        addModel("texts", shown("{% for m in messages %}{{ m.content | trim }};{% endfor %}"));
        addModel("first-part", shown("{{ messages[0]['content'][0]['text'] }}"));
        addModel(
                "values",
                shown("{{ enable_thinking }} {{ depth + 1 }} {{ who.name }} {{ reasoning_effort }} {{ bos_token }}"
                        + " {{ messages | length }} {{ messages[0].reasoning_content }}"));
    }

    private static void addModel(String name, String template) throws IOException {
        Path model = Files.createDirectory(models.resolve(name));
        try (Stream<Path> files = Files.list(Samples.model("llama-mini"))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Path config = model.resolve("tokenizer_config.json");
        ObjectNode settings = (ObjectNode) JsonMapper.shared().readTree(Files.readAllBytes(config));
        Files.writeString(config, settings.put("chat_template", template).toString());
        service.registry.add(name, model.toString(), 7_000_000);
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

    /** What a model's template writes of one user's message. */
    private static String written(String model, String content) {
        return written(model, content, "");
    }

    private static String written(String model, String content, String more) {
        Service.Answer answer = service.post(
                "/v1/chat/completions",
                "{\"model\": \"" + model + "\", \"messages\": [{\"role\": \"user\", \"content\": " + content + "}]"
                        + more + "}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        String message = answer.error().at("/message").stringValue();
        return message.substring(message.indexOf('['), message.lastIndexOf(']') + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "parts | [user:hello;] | [user:hello you;]",
                "either | [Shello] | [PhelloP you]",
                "texts | [hello;] | [hello you;]",
                "first-part | [hello] | [hello]"
            })
    void templatesGetAContentInTheFormThatTheyRead(String model, String ofText, String ofParts) {
        String parts = "[{\"type\": \"text\", \"text\": \"hello\"}, {\"type\": \"input_text\", \"text\": \" you\"}]";
        assertThat(written(model, "\"hello\"")).isEqualTo(ofText);
        assertThat(written(model, parts)).isEqualTo(ofParts);
        assertThat(written(model, "[]")).doesNotContain("None", "[]]");
    }

    @Test
    void templatesGetWhatIsSentForThemAndNothingInPlaceOfTheirOwn() {
        String more =
                ", \"reasoning_effort\": \"low\", \"chat_template_kwargs\": {\"enable_thinking\": false, \"depth\": 3,"
                        + " \"who\": {\"name\": \"Ann\"}, \"bos_token\": \"X\", \"messages\": []}";
        assertThat(written("values", "\"a\"", more)).isEqualTo("[False 4 Ann low <s> 1 ]");
        Service.Answer wrong = service.post(
                "/v1/chat/completions",
                Map.of(
                        "model",
                        "templated",
                        "messages",
                        List.of(message("user", "a")),
                        "chat_template_kwargs",
                        List.of(1)));
        assertThat(wrong.error().at("/param").stringValue()).isEqualTo("chat_template_kwargs");
    }
}
