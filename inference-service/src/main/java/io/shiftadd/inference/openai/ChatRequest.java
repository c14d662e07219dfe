package io.shiftadd.inference.openai;

import io.shiftadd.inference.openai.SamplingFields.StreamFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A request to {@code POST /v1/chat/completions}, everything checked that can be without the model.
 *
 * @param messages as chat templates want them: role, content, and name when there is one
 * @param topLogprobs empty = no log-probabilities
 * @param maxTokens empty = what the context has room for
 */
record ChatRequest(
        String model,
        List<Map<String, Object>> messages,
        SamplingFields sampling,
        OptionalInt topLogprobs,
        OptionalInt maxTokens,
        ResponseFormat format,
        StreamFields streaming) {

    private static final int MAX_TOP_LOGPROBS = 20;
    private static final int MAX_MESSAGES = 4_096;
    private static final Set<String> KNOWN = KnownFields.of(ChatBody.class);
    private static final Set<String> KNOWN_OF_MESSAGE = KnownFields.of(ChatBody.Message.class);
    private static final Set<String> KNOWN_OF_PART = KnownFields.of(ChatBody.Part.class);
    private static final Set<String> ROLES = Set.of("system", "user", "assistant");

    static ChatRequest read(JsonNode body) {
        Fields fields = new Fields(body, "", KNOWN);
        String model = fields.text("model", "the name of a model");
        List<Map<String, Object>> messages = messages(fields);
        SamplingFields sampling = SamplingFields.read(fields);
        OptionalInt topLogprobs = topLogprobs(fields);
        fields.optionalText("user", "a text");
        return new ChatRequest(
                model,
                messages,
                sampling,
                topLogprobs,
                maxTokens(fields),
                ResponseFormat.read(fields.nested("response_format", ResponseFormat.KNOWN)),
                StreamFields.read(fields));
    }

    private static OptionalInt topLogprobs(Fields fields) {
        OptionalInt top = fields.count("top_logprobs", 0, MAX_TOP_LOGPROBS);
        if (fields.flag("logprobs")) {
            return OptionalInt.of(top.orElse(0));
        }
        if (top.orElse(0) > 0) {
            throw ApiException.invalid("top_logprobs", "'top_logprobs' needs 'logprobs': true");
        }
        return OptionalInt.empty();
    }

    private static OptionalInt maxTokens(Fields fields) {
        OptionalInt newer = fields.count("max_completion_tokens", 0, Integer.MAX_VALUE);
        OptionalInt older = fields.count("max_tokens", 0, Integer.MAX_VALUE);
        if (newer.isPresent() && older.isPresent() && newer.getAsInt() != older.getAsInt()) {
            throw ApiException.invalid(
                    "max_tokens", "'max_tokens' and 'max_completion_tokens' differ; send max_completion_tokens only");
        }
        return newer.isPresent() ? newer : older;
    }

    private static List<Map<String, Object>> messages(Fields fields) {
        String expected = "an array of 1 to " + MAX_MESSAGES + " messages";
        List<JsonNode> listed = fields.elements("messages", expected);
        if (listed.isEmpty() || listed.size() > MAX_MESSAGES) {
            throw fields.wrong("messages", expected);
        }
        List<Map<String, Object>> messages = new ArrayList<>();
        for (int i = 0; i < listed.size(); i++) {
            String where = "messages[" + i + "]";
            if (!listed.get(i).isObject()) {
                throw ApiException.invalid(where, "'" + where + "' must be an object with a role and a content");
            }
            messages.add(message(new Fields(listed.get(i), where, KNOWN_OF_MESSAGE)));
        }
        return messages;
    }

    private static Map<String, Object> message(Fields message) {
        String expected = "'system', 'user' or 'assistant'";
        String role = message.text("role", expected);
        if (!ROLES.contains(role)) {
            throw message.wrong("role", expected);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("role", role);
        values.put("content", content(message));
        String name = message.optionalText("name", "a text");
        if (name != null) {
            values.put("name", name);
        }
        return values;
    }

    private static String content(Fields message) {
        String expected = "a text, or an array of parts of the type 'text'";
        JsonNode value = message.get("content");
        if (value == null || !value.isArray()) {
            return message.text("content", expected);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < value.size(); i++) {
            if (!value.get(i).isObject()) {
                throw message.wrong("content", expected);
            }
            Fields part = new Fields(partWithoutPayload(value.get(i)), message.at("content[" + i + "]"), KNOWN_OF_PART);
            if (!part.text("type", "'text'").equals("text")) {
                throw part.wrong("type", "'text'; this server reads nothing else");
            }
            text.append(part.text("text", "a text"));
        }
        if (value.isEmpty()) {
            throw message.wrong("content", expected);
        }
        return text.toString();
    }

    /** A part of another type is refused for its type, which says more than the name of its payload. */
    private static JsonNode partWithoutPayload(JsonNode part) {
        JsonNode type = part.get("type");
        boolean other = type != null && type.isString() && !type.stringValue().equals("text");
        return other ? JsonNodeFactory.instance.objectNode().set("type", type) : part;
    }
}
