package io.shiftadd.inference.openai.chat;

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
    private static final Set<String> TOOL_ROLES = Set.of("tool", "function");

    /** As models know them: what a developer says is what the system says. */
    private static final Map<String, String> ROLES =
            Map.of("system", "system", "developer", "system", "user", "user", "assistant", "assistant");

    private ChatMessage() {}

    /** Role, content, and name and reasoning_content where there is one. */
    static Map<String, Object> read(Fields message) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("role", role(message));
        values.put("content", content(message));
        putText(message, "name", values);
        putText(message, "reasoning_content", values);
        return values;
    }

    private static String role(Fields message) {
        String expected = "'system', 'developer', 'user' or 'assistant'";
        String asked = message.text("role", expected);
        String role = ROLES.get(asked);
        if (role == null) {
            throw message.wrong(
                    "role", TOOL_ROLES.contains(asked) ? expected + "; this server calls no tools yet" : expected);
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
