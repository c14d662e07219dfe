package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.shiftadd.inference.Service;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChatIT {

    private static final List<Map<String, String>> MESSAGES = List.of(
            Map.of("role", "system", "content", "You tell stories."),
            Map.of("role", "user", "content", "Tell me one."));

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Map<String, Object> body(String model, Object... more) {
        Map<String, Object> body = new HashMap<>(Map.of("model", model, "messages", MESSAGES));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    private static JsonNode chat(String model, Object... more) {
        Service.Answer answer = service.post("/v1/chat/completions", body(model, more));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void answersInTheShapeOfTheApi() {
        JsonNode answer = chat("llama-mini", "max_tokens", 5, "n", 2);
        assertThat(answer.at("/object").stringValue()).isEqualTo("chat.completion");
        assertThat(answer.at("/choices")).hasSize(2);
        JsonNode choice = answer.at("/choices/1");
        assertThat(choice.propertyNames()).containsExactlyInAnyOrder("index", "message", "logprobs", "finish_reason");
        assertThat(choice.at("/message").propertyNames()).containsExactlyInAnyOrder("role", "content", "refusal");
        assertThat(choice.at("/message/role").stringValue()).isEqualTo("assistant");
    }

    @Test
    void writesATranscriptWhereThereIsNoTemplate() {
        JsonNode chat = chat("llama-mini", "max_tokens", 8, "temperature", 0);
        Map<String, Object> same = Map.of(
                "model",
                "llama-mini",
                "max_tokens",
                8,
                "temperature",
                0,
                "stop",
                "\nUser:",
                "prompt",
                "You tell stories.\n\nUser: Tell me one.\nAssistant:");
        JsonNode completion = service.post("/v1/completions", same).json();
        assertThat(chat.at("/choices/0/message/content").stringValue())
                .isEqualTo(completion.at("/choices/0/text").stringValue());
    }

    @Test
    void joinsPartsOfAMessage() {
        List<Object> parts =
                List.of(Map.of("type", "text", "text", "Tell me "), Map.of("type", "text", "text", "one."));
        JsonNode joined = chat(
                "llama-mini",
                "max_tokens",
                8,
                "temperature",
                0,
                "messages",
                List.of(MESSAGES.getFirst(), Map.of("role", "user", "content", parts)));
        assertThat(joined.at("/choices/0/message"))
                .isEqualTo(chat("llama-mini", "max_tokens", 8, "temperature", 0).at("/choices/0/message"));
    }

    @Test
    void scoresItsTokens() {
        JsonNode choice = chat("llama-mini", "max_tokens", 6, "temperature", 0, "logprobs", true, "top_logprobs", 20)
                .at("/choices/0");
        StringBuilder text = new StringBuilder();
        for (JsonNode token : choice.at("/logprobs/content")) {
            text.append(token.at("/token").stringValue());
            assertThat(token.at("/top_logprobs")).hasSize(20);
            assertThat(token.at("/top_logprobs/0/token")).isEqualTo(token.at("/token"));
            assertThat(token.at("/top_logprobs/0/logprob")).isEqualTo(token.at("/logprob"));
            assertThat(token.at("/bytes")).isNotEmpty();
        }
        assertThat(text).hasToString(choice.at("/message/content").stringValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-mini", "opt-mini"})
    void answersJsonObjects(String model) {
        for (int seed = 0; seed < 12; seed++) {
            JsonNode answer = chat(
                    model,
                    "max_tokens",
                    3 + 9 * seed,
                    "seed",
                    seed,
                    "temperature",
                    1.2,
                    "response_format",
                    Map.of("type", "json_object"));
            String text = answer.at("/choices/0/message/content").stringValue();
            assertThat(JsonMapper.shared().readTree(text).isObject()).as(text).isTrue();
            assertThat(answer.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-mini", "opt-mini"})
    void answersWhatMeetsASchema(String model) {
        JsonNode schema = JsonMapper.shared().readTree("""
                        {"type": "object", "additionalProperties": false, "required": ["title", "pages", "kind", "people"],
                         "properties": {
                           "title": {"type": "string", "minLength": 3, "maxLength": 30},
                           "pages": {"type": "integer", "minimum": 10, "maximum": 900},
                           "kind": {"enum": ["novel", "poem", null]},
                           "people": {"type": "array", "maxItems": 3, "items": {"$ref": "#/$defs/person"}}},
                         "$defs": {"person": {"type": "object", "additionalProperties": false,
                           "properties": {"name": {"type": "string"}, "age": {"type": "number"}}, "required": ["name"]}}}
                        """);
        var judge = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema);
        Map<String, Object> format =
                Map.of("type", "json_schema", "json_schema", Map.of("name", "book", "strict", true, "schema", schema));
        for (int seed = 0; seed < 8; seed++) {
            JsonNode answer = chat(
                    model, "max_tokens", 60 + 10 * seed, "seed", seed, "temperature", 1.2, "response_format", format);
            String text = answer.at("/choices/0/message/content").stringValue();
            assertThat(judge.validate(JsonMapper.shared().readTree(text)))
                    .as(text)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"messages\":[] | messages | 1 to",
                "\"messages\":[{\"role\":\"tool\",\"content\":\"a\"}] | messages[0].tool_call_id | missing",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}] | messages[0].content[0].type | 'text'",
                "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"tools\":[{\"type\":\"function\"}] | tools[0].function | name and parameters",
                "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"top_logprobs\":3 | top_logprobs | logprobs",
                "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"logprobs\":true,\"top_logprobs\":21 | top_logprobs | 20",
                "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"max_tokens\":1,\"max_completion_tokens\":2 | max_tokens | differ",
                "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"max_completion_tokens\":600 | max_completion_tokens | 512",
                "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"response_format\":{\"type\":\"xml\"} | response_format.type | json_object",
                "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":{\"type\":\"string\",\"not\":{\"const\":\"a\"}}}} | response_format.json_schema.schema.not | not supported",
                "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"max_tokens\":1,\"response_format\":{\"type\":\"json_object\"} | max_completion_tokens | shortest answer",
                "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"prompt\":\"x\" | prompt | 'messages'"
            })
    void refusesAndNamesTheField(String fields, String field, String says) {
        Service.Answer answer = service.post("/v1/chat/completions", "{\"model\":\"llama-mini\"," + fields + "}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error().at("/param").stringValue()).isEqualTo(field);
        assertThat(answer.error().at("/message").stringValue()).contains(says);
    }

    @Test
    void embedsTextsAndIds() {
        JsonNode answer = service.post(
                        "/v1/embeddings", Map.of("model", "llama-mini", "input", List.of("A harbour", "The sea")))
                .json();
        assertThat(answer.at("/data")).hasSize(2);
        assertThat(answer.at("/data/1/index").intValue()).isEqualTo(1);
        assertThat(answer.at("/data/0/embedding")).hasSize(192);
        JsonNode base64 = service.post(
                        "/v1/embeddings",
                        Map.of("model", "llama-mini", "input", "A harbour", "encoding_format", "base64"))
                .json();
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder()
                        .decode(base64.at("/data/0/embedding").stringValue()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 192; i++) {
            assertThat((double) bytes.getFloat(4 * i))
                    .isCloseTo(answer.at("/data/0/embedding/" + i).doubleValue(), within(1e-5));
        }
        assertThat(service.post("/v1/embeddings", Map.of("model", "llama-mini", "input", "a", "dimensions", 7))
                        .error()
                        .at("/param")
                        .stringValue())
                .isEqualTo("dimensions");
    }

    @Test
    void tokenizesAndBack() {
        JsonNode tokens = service.post(
                        "/tokenize",
                        Map.of("model", "llama-mini", "prompt", "Once upon a time", "return_token_strs", true))
                .json();
        assertThat(tokens.at("/count").intValue()).isEqualTo(6);
        assertThat(tokens.at("/max_model_len").intValue()).isEqualTo(512);
        assertThat(tokens.at("/token_strs/0").stringValue()).isEqualTo("<s>");
        JsonNode text = service.post("/detokenize", Map.of("model", "llama-mini", "tokens", tokens.at("/tokens")))
                .json();
        assertThat(text.at("/prompt").stringValue()).contains("Once upon a time");
    }
}
