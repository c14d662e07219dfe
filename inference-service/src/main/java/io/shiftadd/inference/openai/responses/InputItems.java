package io.shiftadd.inference.openai.responses;

import io.shiftadd.inference.conversation.ToolMessages;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.Fields;
import io.shiftadd.inference.openai.request.KnownFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Reads the items of a request as messages. What an assistant thought, said and called stands in several items, and is
 * one message.
 */
final class InputItems {

    private static final int MAX_ITEMS = 4_096;
    private static final Set<String> KNOWN = KnownFields.of(ResponsesBody.Item.class);
    private static final Set<String> KNOWN_OF_PART = KnownFields.of(ResponsesBody.Part.class);
    private static final Map<String, String> ROLES =
            Map.of("system", "system", "developer", "system", "user", "user", "assistant", "assistant");

    private final List<Map<String, Object>> messages = new ArrayList<>();

    private InputItems() {}

    /** @param earlier items of the turns that the request goes on from, as they were read before */
    static List<Map<String, Object>> read(Fields fields, ArrayNode earlier) {
        InputItems items = new InputItems();
        String instructions = fields.optionalText("instructions", "a text");
        if (instructions != null && !instructions.isEmpty()) {
            items.messages.add(message("system", instructions));
        }
        items.addAll(fields, earlier, "previous_response_id");
        JsonNode input = fields.get("input");
        if (input == null || !input.isArray()) {
            items.messages.add(message("user", fields.text("input", "a text, or an array of items")));
            return items.messages;
        }
        if (input.isEmpty() || input.size() + earlier.size() > MAX_ITEMS) {
            throw fields.wrong(
                    "input", "an array of 1 to " + MAX_ITEMS + " items, those of 'previous_response_id' among them");
        }
        items.addAll(fields, input, "input");
        return items.messages;
    }

    private void addAll(Fields fields, JsonNode items, String name) {
        for (int i = 0; i < items.size(); i++) {
            String where = name + "[" + i + "]";
            if (!items.get(i).isObject()) {
                throw ApiException.invalid(where, "'" + where + "' must be an item, an object");
            }
            add(fields.element(items.get(i), where, KNOWN));
        }
    }

    private static Map<String, Object> message(String role, Object content) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", role);
        message.put("content", content);
        return message;
    }

    private void add(Fields item) {
        String expected = "'message', 'function_call', 'function_call_output' or 'reasoning'";
        String type = item.optionalText("type", expected);
        switch (type == null ? "message" : type) {
            case "message" -> message(item);
            case "function_call" -> call(item);
            case "function_call_output" ->
                messages.add(ToolMessages.result(
                        item.text("call_id", "the call_id of a function_call"), texts(item, "output")));
            case "reasoning" -> reasoning(item);
            default -> throw item.wrong("type", expected);
        }
    }

    private void message(Fields item) {
        String expected = "'system', 'developer', 'user' or 'assistant'";
        String role = ROLES.get(item.text("role", expected));
        if (role == null) {
            throw item.wrong("role", expected);
        }
        String text = texts(item, "content");
        if (role.equals("assistant")) {
            Map<String, Object> assistant = assistant();
            assistant.put("content", assistant.get("content") + text);
        } else {
            messages.add(message(role, text));
        }
    }

    /** The assistant's message that is being read; a new one after anybody else's. */
    private Map<String, Object> assistant() {
        if (messages.isEmpty() || !"assistant".equals(messages.getLast().get("role"))) {
            messages.add(message("assistant", ""));
        }
        return messages.getLast();
    }

    private void call(Fields item) {
        Map<String, Object> call = ToolMessages.call(
                item.text("call_id", "a text"),
                item.text("name", "the name of a tool"),
                item.text("arguments", "a JSON object as a text"));
        List<Object> calls = new ArrayList<>();
        Map<String, Object> assistant = assistant();
        if (assistant.get("tool_calls") instanceof List<?> before) {
            calls.addAll(before);
        }
        calls.add(call);
        assistant.put("tool_calls", calls);
    }

    private void reasoning(Fields item) {
        String text = item.has("content") ? texts(item, "content") : "";
        if (!text.isEmpty()) {
            assistant().put("reasoning_content", text);
        }
    }

    private static String texts(Fields item, String name) {
        JsonNode value = item.get(name);
        if (value == null || !value.isArray()) {
            return item.text(name, "a text, or an array of parts");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < value.size(); i++) {
            String where = item.at(name + "[" + i + "]");
            if (!value.get(i).isObject()) {
                throw ApiException.invalid(where, "'" + where + "' must be a part with a type and a text");
            }
            String type = value.get(i).path("type").asString("");
            if (Set.of("input_image", "input_file", "input_audio").contains(type)) {
                throw ApiException.invalid(
                        where + ".type", "'" + where + ".type' is '" + type + "'; this server reads texts only");
            }
            Fields part = item.element(value.get(i), where, KNOWN_OF_PART);
            text.append(part.text(type.equals("refusal") ? "refusal" : "text", "a text"));
        }
        return text.toString();
    }
}
