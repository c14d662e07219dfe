package io.shiftadd.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {

    private static final List<Map<String, Object>> HELLO = List.of(Map.of("role", "user", "content", "Hello"));
    private static final String TEMPLATE =
            "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m['content'] | trim }}{% endfor %}"
                    + "{% if add_generation_prompt %}<assistant>{% endif %}";

    @TempDir
    Path directory;

    @BeforeEach
    void copyTokenizer() throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), """
                {"model": {"type": "BPE", "vocab": {"a": 0, "<s>": 1, "</s>": 2, "<pad>": 3}, "merges": []},
                 "added_tokens": [{"id": 1, "content": "<s>", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false},
                  {"id": 2, "content": "</s>", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}],
                 "normalizer": null, "pre_tokenizer": null, "post_processor": null, "decoder": null, "truncation": null, "padding": null, "version": "1.0"}
                """);
    }

    private void config(String json) throws IOException {
        Files.writeString(directory.resolve("tokenizer_config.json"), json);
    }

    private Optional<ChatTemplate> template() {
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            return tokenizer.chatTemplate();
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\\\"") + '"';
    }

    @Test
    void readsTheTemplateOfTheTokenizerConfig() throws IOException {
        config("{\"bos_token\": \"<s>\", \"eos_token\": {\"content\": \"</s>\"}, \"chat_template\": "
                + quoted(TEMPLATE + "{{ eos_token }}{{ unk_token is defined }}{{ tools is none }}") + "}");
        ChatTemplate template = template().orElseThrow();
        assertThat(template.render(HELLO, true)).isEqualTo("<s><user>Hello<assistant></s>FalseTrue");
        assertThat(template.render(HELLO, false)).isEqualTo("<s><user>Hello</s>FalseTrue");
    }

    @Test
    void takesTheDefaultOfSeveral() throws IOException {
        config("{\"bos_token\": \"<s>\", \"chat_template\": [{\"name\": \"rag\", \"template\": \"no\"},"
                + " {\"name\": \"default\", \"template\": " + quoted(TEMPLATE) + "}]}");
        assertThat(template().orElseThrow().render(HELLO, false)).isEqualTo("<s><user>Hello");
    }

    @Test
    void takesTheFileBeforeTheConfig() throws IOException {
        config("{\"bos_token\": \"<s>\", \"chat_template\": \"no\"}");
        Files.writeString(
                directory.resolve("chat_template.jinja"), "{% for m in messages %}\n[{{ m.content }}]\n{% endfor %}\n");
        assertThat(template().orElseThrow().render(HELLO, false)).isEqualTo("[Hello]\n");
    }

    @Test
    void readsTheJsonFileOfOlderModels() throws IOException {
        Files.writeString(directory.resolve("chat_template.json"), "{\"chat_template\": " + quoted(TEMPLATE) + "}");
        Files.writeString(directory.resolve("generation_config.json"), "{\"bos_token_id\": 1}");
        assertThat(template().orElseThrow().render(HELLO, false)).isEqualTo("<s><user>Hello");
    }

    @Test
    void isAbsentWithoutTemplate() throws IOException {
        config("{\"bos_token\": \"<s>\"}");
        assertThat(template()).isEmpty();
    }

    @Test
    void rejectsWhatTheTemplateRejectsInItsWords() throws IOException {
        config("{\"chat_template\": \"{{ raise_exception('Only user messages are supported') }}\"}");
        assertThatExceptionOfType(ChatTemplateException.class)
                .isThrownBy(() -> template().orElseThrow().render(HELLO, true))
                .withMessage("Only user messages are supported");
    }

    @Test
    void opensWithAMalformedTemplateAndFailsWhenItIsUsed() throws IOException {
        config("{\"chat_template\": \"{% if %}\"}");
        ChatTemplate template = template().orElseThrow();
        assertThatExceptionOfType(ChatTemplateException.class)
                .isThrownBy(() -> template.render(HELLO, true))
                .withMessageStartingWith("it is malformed: line 1:");
    }

    @Test
    void saysWhereATemplateFails() throws IOException {
        config("{\"chat_template\": \"{{ messages[0].content + 1 }}\"}");
        assertThatExceptionOfType(ChatTemplateException.class)
                .isThrownBy(() -> template().orElseThrow().render(HELLO, true))
                .withMessage("it fails: line 1: a string + an integer is not possible");
    }
}
