package io.shiftadd.inference.anthropic;

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

/** Reads messages made of blocks; results of tools become messages of their own. */
final class MessageBlocks {

    private static final Set<String> KNOWN = KnownFields.of(MessagesBody.Block.class);
    private static final Set<String> ROLES = Set.of("user", "assistant", "system");

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private final List<Map<String, Object>> calls = new ArrayList<>();
    private final List<Map<String, Object>> results = new ArrayList<>();

    private MessageBlocks() {}

    /** What a message is to chat templates: the results that it has, then what it says. */
    static List<Map<String, Object>> read(Fields message) {
        String expected = "'user' or 'assistant'";
        String role = message.text("role", expected);
        if (!ROLES.contains(role)) {
            throw message.wrong("role", expected);
        }
        JsonNode content = message.get("content");
        if (content == null || !content.isArray()) {
            String said = message.text("content", "a text, or an array of blocks");
            return List.of(Map.of("role", role, "content", said));
        }
        MessageBlocks blocks = new MessageBlocks();
        for (int i = 0; i < content.size(); i++) {
            blocks.add(block(message, content.get(i), message.at("content[" + i + "]")), role);
        }
        return blocks.messages(role);
    }

    private static Fields block(Fields parent, JsonNode block, String where) {
        if (!block.isObject()) {
            throw ApiException.invalid(
                    where, "'" + where + "' is " + Fields.shortened(block) + "; it must be a block with a type");
        }
        String type = block.path("type").asString("");
        if (Set.of("image", "document", "container_upload").contains(type)) {
            throw ApiException.invalid(
                    where + ".type", "'" + where + ".type' is '" + type + "'; this server reads texts only");
        }
        return parent.element(block, where, KNOWN);
    }

    private void add(Fields block, String role) {
        String expected = "'text', 'tool_use', 'tool_result' or 'thinking'";
        switch (block.text("type", expected)) {
            case "text" -> text.append(block.text("text", "a text"));
            case "thinking" -> thinking.append(block.text("thinking", "a text"));
            case "redacted_thinking" -> {
                // Nobody can read it, and no model here has written it.
            }
            case "tool_use" -> {
                require(role.equals("assistant"), block, "in an assistant's message");
                JsonNode input = block.get("input");
                String arguments = input == null ? "{}" : input.toString();
                calls.add(ToolMessages.call(block.text("id", "a text"), block.text("name", "a name"), arguments));
            }
            case "tool_result" -> {
                require(role.equals("user"), block, "in a user's message");
                String content = texts(block, "content", "a text, or an array of blocks of the type 'text'");
                results.add(ToolMessages.result(
                        block.text("tool_use_id", "the id of a tool_use"),
                        block.flag("is_error") ? "Error: " + content : content));
            }
            default -> throw block.wrong("type", expected);
        }
    }

    private static void require(boolean holds, Fields block, String where) {
        if (!holds) {
            throw block.wrong("type", "used " + where);
        }
    }

    private List<Map<String, Object>> messages(String role) {
        List<Map<String, Object>> messages = new ArrayList<>(results);
        if (results.isEmpty() || !text.isEmpty()) {
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("role", role);
            message.put("content", text.toString());
            if (!thinking.isEmpty()) {
                message.put("reasoning_content", thinking.toString());
            }
            if (!calls.isEmpty()) {
                message.put("tool_calls", List.copyOf(calls));
            }
            messages.add(message);
        }
        return messages;
    }

    /** A field that is a text or blocks of text, as one text; empty when absent. */
    static String texts(Fields fields, String name, String expected) {
        JsonNode value = fields.get(name);
        if (value == null) {
            return "";
        }
        if (!value.isArray()) {
            return fields.text(name, expected);
        }
        List<String> all = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            Fields block = block(fields, value.get(i), fields.at(name + "[" + i + "]"));
            if (!block.text("type", "'text'").equals("text")) {
                throw block.wrong("type", "'text'");
            }
            all.add(block.text("text", "a text"));
        }
        return String.join("\n", all);
    }
}
