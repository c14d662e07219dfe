package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Service;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What real clients send beside what they mean: it is read by whether it asks for something, not by how it is spelled.
 * A value that asks for nothing passes, one that would change the answer is refused, the rest is ignored by name.
 */
class ClientRequestsIT extends ClientRequests {

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
