package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Service;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What clients send as conversations and prompts: roles, parts, empty ones, special tokens spelled out. */
class ClientPromptsIT extends ClientRequests {

    private static JsonNode conversation(String... messages) {
        return essence(service.post(
                "/v1/chat/completions",
                "{\"model\": \"llama-mini\", \"max_tokens\": 4, \"temperature\": 0, \"messages\": ["
                        + String.join(", ", messages) + "]}"));
    }

    /** As transformers has it; who passes on text of others has to remove them. */
    @Test
    void specialTokensThatATextSpellsOutBecomeTheirIds() {
        JsonNode ids = service.post("/tokenize", Map.of("model", "llama-mini", "prompt", "a</s>b"))
                .json()
                .path("tokens");
        assertThat(ids.values().stream().map(JsonNode::intValue)).contains(2);
        assertThat(promptTokens("x</s></s>")).isEqualTo(promptTokens("x</s>") + 1);
    }

    private static int promptTokens(String content) {
        List<Map<String, String>> messages = List.of(Map.of("role", "user", "content", content));
        return service.post(
                        "/v1/chat/completions", Map.of("model", "llama-mini", "messages", messages, "max_tokens", 1))
                .json()
                .at("/usage/prompt_tokens")
                .intValue();
    }

    @Test
    void aDeveloperSpeaksAsTheSystem() {
        String user = "{\"role\": \"user\", \"content\": \"Hi\"}";
        assertThat(conversation("{\"role\": \"developer\", \"content\": \"Be brief.\"}", user))
                .isEqualTo(conversation("{\"role\": \"system\", \"content\": \"Be brief.\"}", user));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ", \"content\": null",
                ", \"content\": []",
                ", \"content\": [{\"type\": \"text\", \"text\": \"\"}]",
                ", \"content\": null, \"refusal\": null, \"tool_calls\": [], \"function_call\": null, \"audio\": null,"
                        + " \"annotations\": []",
                ", \"content\": \"\", \"reasoning_content\": null, \"name\": \"\"",
                ", \"content\": \"\", \"reasoning_content\": \"thought\", \"weight\": 1, \"id\": \"msg_1\""
            })
    void anAssistantThatSaysNothingIsEmpty(String fields) {
        String before = "{\"role\": \"user\", \"content\": \"A\"}";
        String after = "{\"role\": \"user\", \"content\": \"B\"}";
        assertThat(conversation(before, "{\"role\": \"assistant\"" + fields + "}", after))
                .isEqualTo(conversation(before, "{\"role\": \"assistant\", \"content\": \"\"}", after));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"content\": [{\"type\": \"text\", \"text\": \"Hello\", \"cache_control\": {\"type\": \"ephemeral\"}}]",
                "\"content\": [{\"type\": \"input_text\", \"text\": \"Hello\"}]",
                "\"content\": [{\"type\": \"output_text\", \"text\": \"Hello\", \"annotations\": []}]",
                "\"content\": [{\"type\": \"refusal\", \"refusal\": \"Hello\"}]",
                "\"content\": [{\"type\": \"text\", \"text\": \"Hel\"}, \"lo\"]",
                "\"content\": null, \"refusal\": \"Hello\"",
                "\"content\": \"Hello\", \"reasoning_content\": \"\", \"reasoning\": \"r\", \"refusal\": null"
            })
    void aTextIsReadInEveryKindOfPart(String content) {
        String user = "{\"role\": \"user\", \"content\": \"A\"}";
        assertThat(conversation("{\"role\": \"assistant\", " + content + "}", user))
                .isEqualTo(conversation("{\"role\": \"assistant\", \"content\": \"Hello\"}", user));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"role\": \"tool\", \"content\": \"x\"} | messages[0].tool_call_id | missing",
                "{\"role\": \"function\", \"content\": \"x\"} | messages[0].role | 'tool'",
                "{\"role\": \"System\", \"content\": \"x\"} | messages[0].role | 'developer'",
                "{\"role\": null, \"content\": \"x\"} | messages[0].role | missing",
                "{\"role\": \"assistant\", \"content\": null, \"tool_calls\": [{\"id\": \"a\"}]} | messages[0].tool_calls[0].function | arguments",
                "{\"role\": \"assistant\", \"content\": \"x\", \"prefix\": true} | messages[0].prefix | not continued",
                "{\"role\": \"user\", \"content\": [{\"type\": \"image_url\", \"image_url\": {\"url\": \"x\"}}]} | messages[0].content[0].type | 'text'",
                "{\"role\": \"user\", \"content\": [5]} | messages[0].content[0] | 'text'",
                "{\"role\": \"user\", \"content\": 5} | messages[0].content | a text"
            })
    void aMessageThatAsksForMoreIsRefusedByItsPlace(String message, String field, String says) {
        Service.Answer answer = service.post(
                "/v1/chat/completions",
                "{\"model\": \"llama-mini\", \"max_tokens\": 1, \"messages\": [" + message + "]}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error().at("/param").stringValue()).isEqualTo(field);
        assertThat(answer.error().at("/message").stringValue()).contains(says);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "[\"\"]", "[]", "[[]]", "[\"a\", \"\"]", "[[5], []]"})
    void anEmptyPromptContinuesFromTheBeginningOfAText(String prompt) {
        for (String model : List.of("llama-mini", "opt-mini")) {
            JsonNode answer = essence(service.post("/v1/completions", completion(model, prompt)));
            JsonNode begin = essence(service.post("/tokenize", Map.of("model", model, "prompt", "")));
            assertThat(begin.at("/count").intValue()).isEqualTo(1);
            JsonNode same = essence(service.post(
                    "/v1/completions",
                    completion(model, "[" + begin.at("/tokens/0").intValue() + "]")));
            int last = answer.at("/choices").size() - 1;
            assertThat(answer.at("/choices/" + last + "/text")).isEqualTo(same.at("/choices/0/text"));
        }
    }

    private static String completion(String model, String prompt) {
        return "{\"model\": \"" + model + "\", \"max_tokens\": 3, \"temperature\": 0, \"prompt\": " + prompt + "}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"\" | 'prompt' is empty",
                "[\"a\", \"\"] | 'prompt[1]' is empty",
                "[[5], [6], []] | 'prompt[2]' is empty"
            })
    void withoutATokenThatBeginsATextAnEmptyPromptIsRefusedByItsPlace(String prompt, String says) {
        Service.Answer answer = service.post("/v1/completions", completion("no-bos", prompt));
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error().at("/message").stringValue()).contains(says);
    }
}
