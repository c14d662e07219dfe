package io.shiftadd.inference.conversation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tools for models whose template does not know them, in the words of Hermes and Qwen: the system message says which
 * there are, calls are text of the assistant, and what they gave is text of the user.
 */
final class ToolTexts {

    private ToolTexts() {}

    /** How a template takes what the system says. */
    enum SystemText {
        AS_MESSAGE,
        /** Templates without that role. */
        BEFORE_FIRST_USER
    }

    /** A conversation of which every message has a role that all templates know, and a content only. */
    static List<Map<String, Object>> write(List<Map<String, Object>> messages, List<Tool> tools, SystemText place) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Map<String, Object> message : messages) {
            String role = String.valueOf(message.get("role"));
            Map<String, Object> written = new LinkedHashMap<>(message);
            written.keySet().removeAll(List.of("tool_calls", "tool_call_id"));
            if (role.equals("tool")) {
                written.put("role", "user");
                written.put("content", "<tool_response>\n" + text(message) + "\n</tool_response>");
            } else if (message.get("tool_calls") instanceof List<?> calls) {
                written.put("content", (text(message) + "\n" + calls(calls)).strip());
            }
            boolean goesOn = !all.isEmpty()
                    && "user".equals(written.get("role"))
                    && "user".equals(all.getLast().get("role"))
                    && (role.equals("tool") || text(all.getLast()).endsWith("</tool_response>"));
            if (goesOn) {
                all.getLast().put("content", text(all.getLast()) + "\n" + text(written));
            } else {
                all.add(written);
            }
        }
        if (!tools.isEmpty()) {
            announce(all, offer(tools), place);
        }
        return all;
    }

    private static void announce(List<Map<String, Object>> messages, String offer, SystemText place) {
        Map<String, Object> first = messages.getFirst();
        boolean hasSystem = "system".equals(first.get("role"));
        if (place == SystemText.AS_MESSAGE) {
            if (hasSystem) {
                first.put("content", text(first) + "\n\n" + offer);
            } else {
                messages.addFirst(new LinkedHashMap<>(Map.of("role", "system", "content", offer)));
            }
            return;
        }
        String before = hasSystem ? text(messages.removeFirst()) + "\n\n" + offer : offer;
        if (messages.isEmpty() || !"user".equals(messages.getFirst().get("role"))) {
            messages.addFirst(new LinkedHashMap<>(Map.of("role", "user", "content", before)));
        } else {
            Map<String, Object> user = messages.getFirst();
            user.put("content", before + "\n\n" + text(user));
        }
    }

    private static String offer(List<Tool> tools) {
        StringBuilder text =
                new StringBuilder("You may call functions to help with what the user asks. They are:\n<tools>\n");
        tools.forEach(tool -> text.append(tool.definition()).append('\n'));
        return text.append("</tools>\n\nTo call one, write its name and arguments as JSON:\n<tool_call>\n")
                .append("{\"name\": <function's name>, \"arguments\": <object with the arguments>}\n</tool_call>")
                .toString();
    }

    private static String calls(List<?> calls) {
        StringBuilder text = new StringBuilder();
        for (Object call : calls) {
            if (call instanceof Map<?, ?> map && map.get("function") instanceof Map<?, ?> function) {
                text.append("<tool_call>\n{\"name\": ")
                        .append(json(function.get("name")))
                        .append(", \"arguments\": ")
                        .append(json(function.get("arguments")))
                        .append("}\n</tool_call>\n");
            }
        }
        return text.toString().strip();
    }

    private static String json(@Nullable Object value) {
        return JsonMapper.shared().writeValueAsString(value);
    }

    private static String text(Map<String, Object> message) {
        return ContentFormat.joined(message.get("content"));
    }
}
