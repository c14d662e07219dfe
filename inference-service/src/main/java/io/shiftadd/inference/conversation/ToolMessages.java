package io.shiftadd.inference.conversation;

import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What conversations have of calls, as chat templates know it. */
public final class ToolMessages {

    private ToolMessages() {}

    /**
     * A call of an assistant's message.
     *
     * @param arguments as JSON; what is none, because tokens had ended, is handed on as it is
     */
    public static Map<String, Object> call(String id, String name, String arguments) {
        return call(id, name, read(arguments));
    }

    private static Object read(String arguments) {
        try {
            JsonNode node = JsonMapper.shared().readTree(arguments);
            Object value = node.isObject() ? TemplateValue.of(node) : null;
            return value == null ? arguments : value;
        } catch (JacksonException e) {
            return arguments;
        }
    }

    private static Map<String, Object> call(String id, String name, Object arguments) {
        return Map.of("id", id, "type", "function", "function", Map.of("name", name, "arguments", arguments));
    }

    /** What a call gave. */
    public static Map<String, Object> result(String id, Object content) {
        return Map.of("role", "tool", "tool_call_id", id, "content", content);
    }
}
