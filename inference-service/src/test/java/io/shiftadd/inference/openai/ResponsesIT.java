package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.ScriptedChat;
import io.shiftadd.inference.Service;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code /v1/responses}, {@code /v1/messages} and {@code /api/chat}: one model, which thinks, speaks and calls, asked
 * in
 * each form.
 */
class ResponsesIT {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String TEMPLATE =
            "{# tools <think> </think> <tool_call> #}{% for m in messages %}{{ m.role }}:"
                    + "{{ m.content }}{% for c in m.tool_calls or [] %}{{ c.function.name }}"
                    + "{{ c.function.arguments | tojson }}{% endfor %};{% endfor %}";
    private static final String SCHEMA =
            "{\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}}, \"required\": [\"city\"]}";
    /** Long, so that the turn after it begins where the answer before has ended. */
    private static final String RESULT = "Rain in the morning, then wind and more rain, and a high sea in the evening. "
            .repeat(3)
            .strip();

    @TempDir
    static Path models;

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service();
        Map<String, Object> call =
                Map.of("function", Map.of("name", "get_weather", "arguments", Map.of("city", "Paris")));
        List<Map<String, Object>> question = List.of(Map.of("role", "user", "content", "Rain?"));
        List<Map<String, Object>> after = List.of(
                question.getFirst(),
                Map.of("role", "assistant", "content", "I look.", "tool_calls", List.of(call)),
                Map.of("role", "tool", "content", RESULT));
        new ScriptedChat(models.resolve("m"), TEMPLATE, List.of("<think>", "</think>", "<tool_call>", "</tool_call>"))
                .answers(
                        question,
                        null,
                        Map.of(),
                        "<think>\nHm.\n</think>\n\nI look.\n<tool_call>{\"name\": \"get_weather\", \"arguments\": {\"city\":"
                                + " \"Paris\"}}</tool_call>")
                .answers(after, null, Map.of(), "It will rain.")
                .add(service, "m");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Map<String, Object> response(Object input, Object... more) {
        Map<String, Object> body = new HashMap<>(Map.of("model", "m", "input", input, "temperature", 0));
        body.put(
                "tools",
                List.of(Map.of("type", "function", "name", "get_weather", "parameters", JSON.readTree(SCHEMA))));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    private static Map<String, Object> message(List<Object> messages, Object... more) {
        Map<String, Object> body =
                new HashMap<>(Map.of("model", "m", "messages", messages, "temperature", 0, "max_tokens", 80));
        body.put("tools", List.of(Map.of("name", "get_weather", "input_schema", JSON.readTree(SCHEMA))));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    private static JsonNode ok(String path, Object body) {
        Service.Answer answer = service.post(path, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void aResponseHasAnItemForEachPartAndGoesOnFromThem() {
        JsonNode first = ok("/v1/responses", response("Rain?"));
        assertThat(first.at("/status").stringValue()).isEqualTo("completed");
        JsonNode output = first.at("/output");
        assertThat(output.valueStream().map(item -> item.at("/type").stringValue()))
                .containsExactly("reasoning", "message", "function_call");
        assertThat(output.at("/0/content/0/text").stringValue()).isEqualTo("Hm.");
        assertThat(output.at("/1/content/0/text").stringValue()).isEqualTo("I look.");
        assertThat(output.at("/2/arguments").stringValue()).isEqualTo("{\"city\": \"Paris\"}");
        assertThat(first.at("/usage/output_tokens_details/reasoning_tokens").intValue())
                .isPositive();
        List<Object> items = new ArrayList<>(List.of(Map.of("role", "user", "content", "Rain?")));
        output.forEach(items::add);
        items.add(Map.of("type", "function_call_output", "call_id", output.at("/2/call_id"), "output", RESULT));
        JsonNode second = ok("/v1/responses", response(items));
        assertThat(second.at("/output/0/content/0/text").stringValue().strip()).isEqualTo("It will rain.");
        assertThat(second.at("/output")).hasSize(1);
    }

    @Test
    void aResponsesEventsComeByNameAndInOrder() {
        Service.Answer answer = service.post("/v1/responses", response("Rain?", "stream", true));
        List<String> names = new ArrayList<>();
        answer.body().lines().filter(line -> line.startsWith("event: ")).forEach(line -> names.add(line.substring(7)));
        assertThat(new LinkedHashSet<>(names))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.reasoning_text.delta",
                        "response.reasoning_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.completed");
        List<String> events = answer.events();
        for (int i = 0; i < events.size(); i++) {
            JsonNode event = JSON.readTree(events.get(i));
            assertThat(event.at("/sequence_number").intValue()).isEqualTo(i);
            assertThat(event.at("/type").stringValue()).isEqualTo(names.get(i));
        }
        assertThat(JSON.readTree(events.getLast()).at("/response/output")).hasSize(3);
    }

    @Test
    void aResponsesTextIsOfItsForm() {
        Map<String, Object> format = Map.of("type", "json_schema", "name", "x", "schema", JSON.readTree(SCHEMA));
        JsonNode answer = ok(
                "/v1/responses",
                response(
                        "Rain?",
                        "model",
                        "llama-mini",
                        "tools",
                        List.of(),
                        "text",
                        Map.of("format", format),
                        "max_output_tokens",
                        60));
        assertThat(JSON.readTree(answer.at("/output/0/content/0/text").stringValue())
                        .has("city"))
                .isTrue();
        JsonNode cut = ok("/v1/responses", response("Rain?", "model", "llama-mini", "max_output_tokens", 3));
        assertThat(cut.at("/status").stringValue()).isEqualTo("incomplete");
        assertThat(cut.at("/incomplete_details/reason").stringValue()).isEqualTo("max_output_tokens");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"previous_response_id\": \"resp_1\" | previous_response_id",
                "\"background\": true | background",
                "\"input\": [{\"type\": \"item_reference\", \"id\": \"x\"}] | input[0].type",
                "\"input\": [{\"role\": \"user\", \"content\": [{\"type\": \"input_image\"}]}] | input[0].content[0].type",
                "\"tools\": [{\"type\": \"web_search\"}] | tools[0].type",
                "\"text\": {\"format\": {\"type\": \"json_schema\", \"schema\": {\"type\": \"string\", \"not\": {\"const\": 1}}}} | text.format.schema.not"
            })
    void aResponseThatCannotBeIsRefusedByName(String fields, String field) {
        String input = fields.contains("\"input\"") ? "" : "\"input\": \"a\", ";
        Service.Answer answer = service.post("/v1/responses", "{\"model\": \"m\", " + input + fields + "}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error().at("/param").stringValue()).isEqualTo(field);
    }

    @Test
    void aMessageHasABlockForEachPartAndGoesOnFromThem() {
        List<Object> messages = new ArrayList<>(List.of(Map.of("role", "user", "content", "Rain?")));
        JsonNode first = ok("/v1/messages", message(messages));
        assertThat(first.at("/stop_reason").stringValue()).isEqualTo("tool_use");
        assertThat(first.at("/content")
                        .valueStream()
                        .map(block -> block.at("/type").stringValue()))
                .containsExactly("thinking", "text", "tool_use");
        assertThat(first.at("/content/2/input/city").stringValue()).isEqualTo("Paris");
        messages.add(Map.of("role", "assistant", "content", first.at("/content")));
        messages.add(Map.of(
                "role",
                "user",
                "content",
                List.of(Map.of(
                        "type",
                        "tool_result",
                        "tool_use_id",
                        first.at("/content/2/id"),
                        "content",
                        List.of(Map.of("type", "text", "text", RESULT))))));
        JsonNode second = ok("/v1/messages", message(messages));
        assertThat(second.at("/content/0/text").stringValue().strip()).isEqualTo("It will rain.");
        assertThat(second.at("/stop_reason").stringValue()).isEqualTo("end_turn");
        JsonNode counted = ok("/v1/messages/count_tokens", message(messages));
        JsonNode usage = second.at("/usage");
        assertThat(counted.at("/input_tokens").intValue())
                .isEqualTo(usage.at("/input_tokens").intValue()
                        + usage.at("/cache_read_input_tokens").intValue());
    }

    @Test
    void aMessagesEventsComeByNameAndInOrder() {
        Service.Answer answer = service.post(
                "/v1/messages", message(List.of(Map.of("role", "user", "content", "Rain?")), "stream", true));
        List<String> types = new ArrayList<>();
        StringBuilder input = new StringBuilder();
        for (String data : answer.events()) {
            JsonNode event = JSON.readTree(data);
            String type = event.at("/type").stringValue();
            String shown = type
                    + event.at("/index").asString("")
                    + event.at("/content_block/type").asString("")
                    + event.at("/delta/type").asString("");
            if (types.isEmpty() || !types.getLast().equals(shown)) {
                types.add(shown);
            }
            input.append(event.at("/delta/partial_json").asString(""));
        }
        assertThat(types)
                .containsExactly(
                        "message_start",
                        "content_block_start0thinking",
                        "content_block_delta0thinking_delta",
                        "content_block_delta0signature_delta",
                        "content_block_stop0",
                        "content_block_start1text",
                        "content_block_delta1text_delta",
                        "content_block_stop1",
                        "content_block_start2tool_use",
                        "content_block_delta2input_json_delta",
                        "content_block_stop2",
                        "message_delta",
                        "message_stop");
        assertThat(input).hasToString("{\"city\": \"Paris\"}");
    }

    private static List<JsonNode> lines(String path, Object body) {
        Service.Answer answer = service.post(path, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body().lines().map(JSON::readTree).toList();
    }

    @Test
    void ollamasChatComesLineByLineAndGoesOnFromItsCalls() {
        Map<String, Object> tool = Map.of("name", "get_weather", "parameters", JSON.readTree(SCHEMA));
        Map<String, Object> body = new HashMap<>(Map.of("model", "m:latest", "options", Map.of("temperature", 0)));
        body.put("tools", List.of(Map.of("type", "function", "function", tool)));
        List<Object> messages = new ArrayList<>(List.of(Map.of("role", "user", "content", "Rain?")));
        body.put("messages", messages);
        StringBuilder text = new StringBuilder();
        StringBuilder thinking = new StringBuilder();
        List<JsonNode> calls = new ArrayList<>();
        List<JsonNode> lines = lines("/api/chat", body);
        for (JsonNode line : lines) {
            text.append(line.at("/message/content").asString(""));
            thinking.append(line.at("/message/thinking").asString(""));
            line.at("/message/tool_calls").forEach(calls::add);
        }
        assertThat(text).hasToString("I look.");
        assertThat(thinking).hasToString("Hm.");
        assertThat(calls)
                .singleElement()
                .satisfies(
                        call -> assertThat(call.at("/function/arguments/city").stringValue())
                                .isEqualTo("Paris"));
        assertThat(lines.getLast().at("/done").booleanValue()).isTrue();
        assertThat(lines.getLast().at("/eval_count").intValue()).isPositive();
        messages.add(Map.of("role", "assistant", "content", "I look.", "tool_calls", calls));
        messages.add(Map.of("role", "tool", "tool_name", "get_weather", "content", RESULT));
        body.put("stream", false);
        JsonNode second = ok("/api/chat", body);
        assertThat(second.at("/message/content").stringValue().strip()).isEqualTo("It will rain.");
        assertThat(second.at("/done_reason").stringValue()).isEqualTo("stop");
    }

    @Test
    void ollamasOtherRequestsAreAnswered() {
        assertThat(service.get("/api/version").json().at("/version").stringValue())
                .isNotEmpty();
        assertThat(service.get("/api/tags")
                        .json()
                        .at("/models")
                        .valueStream()
                        .map(model -> model.at("/name").stringValue()))
                .contains("llama-mini:latest", "m:latest");
        JsonNode shown = ok("/api/show", Map.of("model", "m"));
        assertThat(shown.at("/capabilities")).isEqualTo(JSON.readTree("[\"completion\", \"tools\", \"thinking\"]"));
        assertThat(shown.at("/template").stringValue()).isEqualTo(TEMPLATE);
        Map<String, Object> options = Map.of("num_predict", 4, "seed", 1);
        List<JsonNode> lines =
                lines("/api/generate", Map.of("model", "llama-mini", "prompt", "Hi", "options", options));
        assertThat(lines.getLast().at("/done_reason").stringValue()).isEqualTo("length");
        assertThat(ok("/api/generate", Map.of("model", "llama-mini"))
                        .at("/done_reason")
                        .stringValue())
                .isEqualTo("load");
        JsonNode form = ok(
                "/api/generate",
                Map.of(
                        "model",
                        "llama-mini",
                        "prompt",
                        "Hi",
                        "stream",
                        false,
                        "format",
                        JSON.readTree(SCHEMA),
                        "options",
                        Map.of("num_predict", 60)));
        assertThat(JSON.readTree(form.at("/response").stringValue()).has("city"))
                .isTrue();
        Service.Answer wrong = service.post("/api/chat", Map.of("model", "none", "messages", List.of()));
        assertThat(wrong.status()).isEqualTo(404);
        assertThat(wrong.json().at("/error").stringValue()).contains("none");
    }

    @Test
    void aMessageEndsForAReasonThatIsTold() {
        List<Object> question = List.of(Map.of("role", "user", "content", "Rain?"));
        JsonNode cut = ok("/v1/messages", message(question, "max_tokens", 3));
        assertThat(cut.at("/stop_reason").stringValue()).isEqualTo("max_tokens");
        JsonNode stopped = ok("/v1/messages", message(question, "stop_sequences", List.of("look")));
        assertThat(stopped.at("/stop_reason").stringValue()).isEqualTo("stop_sequence");
        assertThat(stopped.at("/stop_sequence").stringValue()).isEqualTo("look");
        JsonNode forced = ok(
                "/v1/messages",
                message(question, "model", "llama-mini", "tool_choice", Map.of("type", "tool", "name", "get_weather")));
        assertThat(forced.at("/content/0/input/city").isString())
                .as("%s", forced)
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"a\"}]} | 400 | invalid_request_error | max_tokens",
                "{\"model\": \"none\", \"max_tokens\": 1, \"messages\": [{\"role\": \"user\", \"content\": \"a\"}]} | 404 | not_found_error | none",
                "{\"model\": \"m\", \"max_tokens\": 1, \"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image\"}]}]} | 400 | invalid_request_error | messages[0].content[0].type",
                "[] | 400 | invalid_request_error | object",
                "{ | 400 | invalid_request_error | JSON"
            })
    void aMessagesErrorHasItsOwnForm(String body, int status, String type, String says) {
        Service.Answer answer = service.post("/v1/messages", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().at("/type").stringValue()).isEqualTo("error");
        assertThat(answer.json().at("/error/type").stringValue()).isEqualTo(type);
        assertThat(answer.json().at("/error/message").stringValue()).contains(says);
        assertThat(service.get("/v1/messages").json().at("/type").stringValue()).isEqualTo("error");
    }
}
