package io.shiftadd.inference.openai.chat;

import io.shiftadd.inference.conversation.ToolMessages;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.Fields;
import io.shiftadd.inference.openai.request.KnownFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a message of a conversation. A message that says nothing is an empty text, whichever way that is written. */
final class ChatMessage {

    static final Set<String> KNOWN = KnownFields.of(ChatBody.Message.class);

    private static final Set<String> KNOWN_OF_PART = KnownFields.of(ChatBody.Part.class);
    private static final Set<String> TEXT_PARTS = Set.of("text", "input_text", "output_text");
    private static final Set<String> KNOWN_OF_CALL = KnownFields.of(ToolBody.Call.class);
    private static final Set<String> KNOWN_OF_CALLED = KnownFields.of(ToolBody.CalledFunction.class);

    /** As models know them: what a developer says is what the system says. */
    private static final Map<String, String> ROLES =
            Map.of("system", "system", "developer", "system", "user", "user", "assistant", "assistant", "tool", "tool");

    private ChatMessage() {}

    /** Role, content, and what else there is of name, reasoning_content, tool_calls and tool_call_id. */
    static Map<String, Object> read(Fields message) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("role", role(message));
        values.put("content", content(message));
        putText(message, "name", values);
        putText(message, "reasoning_content", values);
        if ("tool".equals(values.get("role"))) {
            values.put("tool_call_id", message.text("tool_call_id", "the id of the call whose result this is"));
        }
        List<Map<String, Object>> calls = calls(message);
        if (!calls.isEmpty()) {
            if (!"assistant".equals(values.get("role"))) {
                throw message.wrong("tool_calls", "absent: only an assistant calls tools");
            }
            values.put("tool_calls", calls);
        }
        return values;
    }

    /** As templates know them: arguments are an object, where they are one. */
    private static List<Map<String, Object>> calls(Fields message) {
        List<JsonNode> listed = message.elements("tool_calls", "an array of calls");
        List<Map<String, Object>> calls = new ArrayList<>();
        for (int i = 0; i < listed.size(); i++) {
            String where = message.at("tool_calls[" + i + "]");
            if (!listed.get(i).isObject()) {
                throw ApiException.invalid(where, "'" + where + "' must be an object with an id and a function");
            }
            Fields call = message.element(listed.get(i), where, KNOWN_OF_CALL);
            Fields function = call.nested("function", KNOWN_OF_CALLED);
            if (function == null) {
                throw call.wrong("function", "an object with a name and arguments");
            }
            String arguments = function.text("arguments", "a JSON object as a text");
            calls.add(ToolMessages.call(call.text("id", "a text"), function.text("name", "a name"), arguments));
        }
        return calls;
    }

    private static String role(Fields message) {
        String expected = "'system', 'developer', 'user', 'assistant' or 'tool'";
        String role = ROLES.get(message.text("role", expected));
        if (role == null) {
            throw message.wrong("role", expected);
        }
        return role;
    }

    private static void putText(Fields message, String name, Map<String, Object> values) {
        String text = message.optionalText(name, "a text");
        if (text != null && !text.isEmpty()) {
            values.put(name, text);
        }
    }

    /** A text, or parts as templates know them: {@code {"type": "text", "text": …}}. */
    private static Object content(Fields message) {
        String refusal = message.optionalText("refusal", "a text");
        JsonNode value = message.get("content");
        if (value == null || value.isArray() && value.isEmpty()) {
            return refusal == null ? "" : refusal;
        }
        if (!value.isArray()) {
            return message.text("content", "a text, or an array of parts of the type 'text'");
        }
        List<Map<String, Object>> parts = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            String where = message.at("content[" + i + "]");
            parts.add(Map.of("type", "text", "text", part(message, value.get(i), where)));
        }
        return parts;
    }

    private static String part(Fields message, JsonNode part, String where) {
        if (part.isString()) {
            return part.stringValue();
        }
        if (!part.isObject()) {
            throw ApiException.invalid(
                    where, "'" + where + "' is " + Fields.shortened(part) + "; it must be a part of the type 'text'");
        }
        String type = textOf(part.get("type"));
        if (type != null && !TEXT_PARTS.contains(type) && !type.equals("refusal")) {
            throw ApiException.invalid(
                    where + ".type",
                    "'" + where + ".type' is " + Fields.shortened(part.get("type"))
                            + "; it must be 'text', "
                            + (type.contains("image")
                                    ? "chats are read by models of text; images go to /v1/images/classifications"
                                    : "this server reads nothing else"));
        }
        Fields fields = message.element(part, where, KNOWN_OF_PART);
        boolean refusal = fields.text("type", "'text'").equals("refusal");
        return fields.text(refusal ? "refusal" : "text", "a text");
    }

    private static @Nullable String textOf(@Nullable JsonNode value) {
        return value == null || !value.isString() ? null : value.stringValue();
    }
}
