package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Samples;
import io.shiftadd.inference.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What real clients send beside what they mean: it is read by whether it asks for something, not by how it is spelled.
 * A value that asks for nothing passes, one that would change the answer is refused, the rest is ignored by name.
 */
class ClientRequestsIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Map<String, String> VALID = Map.of(
            "/v1/completions", "{\"model\": \"llama-mini\", \"prompt\": \"Hi\", \"max_tokens\": 2, \"temperature\": 0}",
            "/v1/chat/completions",
                    "{\"model\": \"llama-mini\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}],"
                            + " \"max_tokens\": 2, \"temperature\": 0}",
            "/v1/embeddings", "{\"model\": \"llama-mini\", \"input\": \"Hi\"}",
            "/tokenize", "{\"model\": \"llama-mini\", \"prompt\": \"Hi\"}",
            "/detokenize", "{\"model\": \"llama-mini\", \"tokens\": [1, 5]}");

    @TempDir
    static Path models;

    private static Service service;

    @BeforeAll
    static void start() throws IOException {
        service = new Service();
        addModelWithoutBos();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static void addModelWithoutBos() throws IOException {
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

    private static ObjectNode valid(String path) {
        return (ObjectNode) JSON.readTree(VALID.get(path));
    }

    private static Service.Answer with(String path, String fields) {
        String body = VALID.get(path);
        return service.post(path, body.substring(0, body.length() - 1) + ", " + fields + "}");
    }

    private static JsonNode essence(Service.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        ObjectNode json = (ObjectNode) answer.json();
        json.remove(List.of("id", "created"));
        if (json.get("usage") instanceof ObjectNode usage) {
            // What was asked before is remembered, and its prompt need not be computed again.
            usage.remove("prompt_tokens_details");
        }
        return json;
    }

    /** Path, field and the field's description for every field that the API's document has. */
    private static List<Field> documented() {
        JsonNode document = service.get("/v3/api-docs").json();
        return VALID.keySet().stream()
                .flatMap(path -> {
                    String reference = document.path("paths")
                            .path(path)
                            .at("/post/requestBody/content/application~1json/schema/$ref")
                            .stringValue();
                    JsonNode schema = document.at(reference.substring(1));
                    Set<String> required = new TreeSet<>();
                    schema.path("required").values().forEach(name -> required.add(name.stringValue()));
                    return schema.path("properties").properties().stream()
                            .map(entry -> new Field(
                                    path, entry.getKey(), entry.getValue(), required.contains(entry.getKey())));
                })
                .toList();
    }

    private record Field(String path, String name, JsonNode schema, boolean required) {}

    @Test
    void nullIsAsAbsentForEveryFieldThatMayBeAbsent() {
        List<Field> fields =
                documented().stream().filter(field -> !field.required()).toList();
        assertThat(fields).hasSizeGreaterThan(40);
        for (Field field : fields) {
            ObjectNode absent = valid(field.path());
            absent.remove(field.name());
            ObjectNode nulled = absent.deepCopy();
            nulled.putNull(field.name());
            absent.put("seed", 1);
            nulled.put("seed", 1);
            if (field.name().equals("seed")) {
                nulled.putNull("seed");
            }
            assertThat(essence(service.post(field.path(), nulled)))
                    .as(field.path() + " " + field.name())
                    .isEqualTo(essence(service.post(field.path(), absent)));
        }
    }

    @Test
    void aWholeNumberIsTheSameWithAPointAndOneWithAFractionIsRefused() {
        List<Field> fields = documented().stream()
                .filter(field -> field.schema().path("type").toString().contains("integer"))
                .toList();
        assertThat(fields).hasSizeGreaterThan(10);
        for (Field field : fields) {
            int value = field.name().equals("dimensions") ? 192 : 1;
            String where = field.path() + " " + field.name() + " ";
            JsonNode whole = essence(withNumber(field, Integer.toString(value)));
            for (String written : List.of(value + ".0", value + "00e-2", value + ".0E0")) {
                assertThat(essence(withNumber(field, written)))
                        .as(where + written)
                        .isEqualTo(whole);
            }
            for (String written : List.of(value + ".5", "\"" + value + "\"", "1e400")) {
                Service.Answer answer = withNumber(field, written);
                assertThat(answer.status()).as(where + written).isEqualTo(400);
                assertThat(answer.error().at("/param").stringValue()).isEqualTo(field.name());
                assertThat(answer.error().at("/message").stringValue()).doesNotContain("Infinity");
            }
        }
    }

    /** A request with a number as it is written. */
    private static Service.Answer withNumber(Field field, String number) {
        ObjectNode body = valid(field.path());
        body.remove(List.of(field.name(), field.name().startsWith("max_") ? "max_tokens" : ""));
        if (field.path().startsWith("/v1/c") && !field.name().equals("seed")) {
            body.put("seed", 1);
        }
        if (field.name().equals("top_logprobs")) {
            body.put("logprobs", true);
        }
        String text = body.toString();
        return service.post(
                field.path(), text.substring(0, text.length() - 1) + ", \"" + field.name() + "\": " + number + "}");
    }

    @Test
    void tokenIdsAreWholeNumbersToo() {
        assertThat(essence(with("/v1/completions", "\"logprobs\": 0")).at("/choices"))
                .isNotEmpty();
        String floats = "{\"model\": \"llama-mini\", \"prompt\": [1.0, 6.76e2], \"max_tokens\": 2, \"temperature\": 0}";
        String whole = "{\"model\": \"llama-mini\", \"prompt\": [1, 676], \"max_tokens\": 2, \"temperature\": 0}";
        assertThat(essence(service.post("/v1/completions", floats)))
                .isEqualTo(essence(service.post("/v1/completions", whole)));
        assertThat(essence(service.post("/detokenize", "{\"model\": \"llama-mini\", \"tokens\": [676.0]}")))
                .isEqualTo(essence(service.post("/detokenize", "{\"model\": \"llama-mini\", \"tokens\": [676]}")));
        Service.Answer answer = service.post(
                "/v1/completions", "{\"model\": \"llama-mini\", \"prompt\": [1, 676.5], \"max_tokens\": 2}");
        assertThat(answer.error().at("/message").stringValue()).contains("prompt[1]", "676.5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tools\": []",
                "\"tools\": null, \"tool_choice\": \"auto\"",
                "\"tools\": [], \"tool_choice\": \"none\", \"parallel_tool_calls\": true",
                "\"functions\": [], \"function_call\": \"none\"",
                "\"stream\": false, \"stream_options\": {\"include_usage\": true}",
                "\"modalities\": [\"text\"], \"audio\": null, \"prediction\": null",
                "\"service_tier\": \"auto\", \"store\": true, \"metadata\": {\"a\": \"b\"}",
                "\"safety_identifier\": \"u\", \"prompt_cache_key\": \"k\", \"verbosity\": \"low\"",
                "\"reasoning_effort\": \"minimal\"",
                "\"user\": {\"name\": \"x\"}",
                "\"logit_bias\": [], \"stop\": []",
                "\"logprobs\": false, \"top_logprobs\": 0",
                "\"skip_special_tokens\": true, \"add_generation_prompt\": true, \"echo\": false",
                "\"use_beam_search\": false, \"length_penalty\": 1.0, \"best_of\": 1, \"min_tokens\": 0",
                "\"add_special_tokens\": false, \"ignore_eos\": null, \"guided_json\": {}, \"truncate_prompt_tokens\": -1",
                "\"session_id\": \"x\", \"chat_id\": \"y\", \"id\": \"z\", \"models\": [\"a\"]",
                "\"keep_alive\": -1, \"num_ctx\": 512, \"options\": {}, \"think\": false, \"cache_prompt\": true",
                "\"mirostat\": 0, \"typical_p\": 1.0, \"tfs_z\": 1, \"priority\": 0, \"repeat_penalty\": 1.0",
                "\"chat_template_kwargs\": {\"enable_thinking\": false}",
                "\"tool_choice\": {\"type\": \"none\"}, \"guidance_scale\": 1.0, \"n_probs\": 0, \"ban_eos_token\": false",
                "\"thinking\": {\"type\": \"disabled\"}, \"truncation\": \"disabled\", \"transforms\": []",
                "\"top_n_sigma\": -1, \"num_return_sequences\": 1, \"random_seed\": null, \"safe_prompt\": false",
                "\"logit_bias\": {\"5\": null}, \"response_schema\": {}",
                "\"response_format\": {\"type\": \"text\", \"json_schema\": null, \"schema\": {}}"
            })
    void aValueThatAsksForNothingChangesNothing(String fields) {
        assertThat(essence(with("/v1/chat/completions", fields)))
                .isEqualTo(essence(service.post("/v1/chat/completions", VALID.get("/v1/chat/completions"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "functions | [{\"name\": \"f\"}]",
                "function_call | {\"name\": \"f\"}",
                "audio | {\"voice\": \"alloy\"}",
                "modalities | [\"text\", \"audio\"]",
                "web_search_options | {}",
                "logits_processors | [\"x\"]",
                "use_beam_search | true",
                "ignore_eos | true",
                "min_tokens | 3",
                "skip_special_tokens | false",
                "guided_json | {\"type\": \"object\"}",
                "guided_regex | \"a+\"",
                "random_seed | 7",
                "guidance_scale | 1.5",
                "response_mime_type | \"application/json\"",
                "thinking | {\"type\": \"enabled\"}",
                "grammar | \"root ::= x\"",
                "max_new_tokens | 3",
                "num_predict | 3",
                "stop_sequences | [\"x\"]",
                "mirostat | 2",
                "typical_p | 0.9",
                "repeat_penalty | 1.1",
                "best_of | 3",
                "echo | true",
                "prompt | \"x\"",
                "documents | [{}]",
                "chat_template | \"{{ x }}\"",
                "add_generation_prompt | false",
                "continue_final_message | true",
                "options | {\"temperature\": 0}",
                "extra_body | {\"top_k\": 1}"
            })
    void aValueThatWouldChangeTheAnswerIsRefusedByNameWithWhatToDo(String field, String value) {
        Service.Answer answer = with("/v1/chat/completions", "\"" + field + "\": " + value);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error().at("/param").stringValue()).isEqualTo(field);
        assertThat(answer.error().at("/message").stringValue())
                .contains("'" + field + "'", "not supported")
                .containsPattern("leave it out|use |send |put ");
        assertThat(with("/v1/chat/completions", "\"" + field + "\": null").status())
                .isEqualTo(200);
    }

    @Test
    void aSchemaInAPlaceThatOtherServersHaveIsRefusedWithWhereItBelongs() {
        Service.Answer answer = with(
                "/v1/chat/completions",
                "\"response_format\": {\"type\": \"json_object\", \"schema\": {\"type\": \"object\"}}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().at("/param").stringValue()).isEqualTo("response_format.schema");
        assertThat(answer.error().at("/message").stringValue()).contains("'json_schema.schema'");
    }

    @Test
    void aBiasThatCannotBeIsNamedByItsToken() {
        assertThat(message("\"logit_bias\": {\"5\": 1, \"-1\": 1}")).contains("the key '-1'");
        assertThat(message("\"logit_bias\": {\"5\": \"1\"}")).contains("'logit_bias.5' is \"1\"");
        assertThat(message("\"logit_bias\": {\"5\": 100.5}")).contains("'logit_bias.5' is 100.5");
    }

    @Test
    void anEmptyListIsCalledEmpty() {
        Service.Answer answer = service.post("/v1/chat/completions", "{\"model\": \"llama-mini\", \"messages\": []}");
        assertThat(answer.error().at("/message").stringValue()).startsWith("'messages' is an empty array");
    }

    private static String message(String fields) {
        Service.Answer answer = with("/v1/completions", fields);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        return answer.error().at("/message").stringValue();
    }

    @Test
    void whatIsNotKnownAndChangesNothingIsNamedInAHeader() {
        String names = "\"session_id\": 1, \"x y\": 2, \"frobnicate\": {\"a\": 1}, \"nothing\": null";
        for (String path : VALID.keySet()) {
            Service.Answer answer = with(path, names);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.header("X-ShiftAdd-Ignored-Fields")).isEqualTo("session_id, x?y, frobnicate");
            assertThat(service.post(path, VALID.get(path)).header("X-ShiftAdd-Ignored-Fields"))
                    .isEmpty();
        }
        Service.Answer nested = service.post(
                "/v1/chat/completions",
                "{\"model\": \"llama-mini\", \"max_tokens\": 1, \"messages\": [{\"role\": \"user\", \"content\": \"a\","
                        + " \"weight\": 1, \"id\": \"m\"}, {\"role\": \"user\", \"content\": \"a\", \"id\": \"m\"}]}");
        assertThat(nested.header("X-ShiftAdd-Ignored-Fields")).isEqualTo("messages[].weight, messages[].id");
    }

    @ParameterizedTest
    @CsvSource({"max_token, max_tokens", "temprature, temperature", "streem, stream", "maxTokens, max_tokens"})
    void aMisspellingIsNotIgnored(String written, String meant) {
        ObjectNode body = valid("/v1/completions");
        body.remove(meant);
        Service.Answer answer = service.post("/v1/completions", body.put(written, 1));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().at("/param").stringValue()).isEqualTo(written);
        assertThat(answer.error().at("/message").stringValue()).contains("did you mean '" + meant + "'?");
    }

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

    @Test
    void aStopThatCannotBeIsNamedByItsPlace() {
        Service.Answer answer = with("/v1/completions", "\"stop\": [\"\\n\", \"\"]");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().at("/param").stringValue()).isEqualTo("stop");
        assertThat(answer.error().at("/message").stringValue()).contains("'stop[1]' is \"\"");
        assertThat(with("/v1/completions", "\"stop\": \"\"")
                        .error()
                        .at("/message")
                        .stringValue())
                .contains("'stop' is \"\"");
    }

    @Test
    void embedsAsManyTextsAtOnceAsClientsSend() {
        List<String> texts = Collections.nCopies(2_048, "Hi");
        JsonNode answer = essence(service.post(
                "/v1/embeddings", Map.of("model", "llama-mini", "input", texts, "encoding_format", "base64")));
        assertThat(answer.at("/data")).hasSize(2_048);
        JsonNode alone = essence(service.post(
                "/v1/embeddings", Map.of("model", "llama-mini", "input", "Hi", "encoding_format", "base64")));
        assertThat(answer.at("/data/2047/index").intValue()).isEqualTo(2_047);
        assertThat(answer.at("/usage/prompt_tokens").intValue())
                .isEqualTo(2_048 * alone.at("/usage/prompt_tokens").intValue());
        Service.Answer more = service.post(
                "/v1/embeddings", Map.of("model", "llama-mini", "input", Collections.nCopies(2_049, "Hi")));
        assertThat(more.status()).isEqualTo(400);
        assertThat(more.error().at("/message").stringValue()).contains("2048");
        assertThat(with("/v1/embeddings", "\"input_type\": \"query\", \"truncate\": \"END\"")
                        .status())
                .isEqualTo(200);
    }
}
