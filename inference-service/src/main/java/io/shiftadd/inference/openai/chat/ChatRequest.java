package io.shiftadd.inference.openai.chat;

import io.shiftadd.inference.conversation.Ask;
import io.shiftadd.inference.conversation.TemplateValue;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.Fields;
import io.shiftadd.inference.openai.request.IgnoredFields;
import io.shiftadd.inference.openai.request.KnownFields;
import io.shiftadd.inference.openai.request.SamplingFields;
import io.shiftadd.inference.openai.request.SamplingFields.StreamFields;
import io.shiftadd.inference.openai.structure.ResponseFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request to {@code POST /v1/chat/completions}, everything checked that can be without the model.
 */
record ChatRequest(Ask ask, StreamFields streaming) {

    private static final int MAX_TOP_LOGPROBS = 20;
    private static final int MAX_MESSAGES = 4_096;
    private static final Set<String> KNOWN = KnownFields.of(ChatBody.class);

    private static ChatRequest of(Fields fields) {
        String model = fields.text("model", "the name of a model");
        List<Map<String, Object>> messages = messages(fields);
        SamplingFields sampling = SamplingFields.read(fields);
        OptionalInt topLogprobs = topLogprobs(fields);
        Map<String, @Nullable Object> values = templateValues(fields);
        Ask ask = new Ask(
                model,
                messages,
                ToolFields.read(fields),
                values,
                sampling,
                topLogprobs,
                maxTokens(fields),
                "max_completion_tokens",
                thinkingBudget(fields, values),
                ResponseFormat.read(fields.nested("response_format", ResponseFormat.KNOWN)));
        return new ChatRequest(ask, StreamFields.read(fields));
    }

    /** Whoever wants no thought wants none of the template's, and none where the template opens one all the same. */
    private static OptionalInt thinkingBudget(Fields fields, Map<String, @Nullable Object> values) {
        OptionalInt budget = fields.count("thinking_budget", 0, Integer.MAX_VALUE);
        boolean none = Boolean.FALSE.equals(values.get("enable_thinking"));
        return budget.isEmpty() && none ? OptionalInt.of(0) : budget;
    }

    static ChatRequest read(JsonNode body, IgnoredFields ignored) {
        return of(new Fields(body, "", KNOWN, ignored));
    }

    private static Map<String, @Nullable Object> templateValues(Fields fields) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        String effort = fields.optionalText("reasoning_effort", "a text");
        if (effort != null) {
            values.put("reasoning_effort", effort);
            if (effort.equals("none")) {
                values.put("enable_thinking", false);
            }
        }
        if (fields.has("enable_thinking")) {
            values.put("enable_thinking", fields.flag("enable_thinking"));
        }
        JsonNode more = fields.get("chat_template_kwargs");
        if (more != null && !more.isObject()) {
            throw fields.wrong("chat_template_kwargs", "an object with what the model's template knows");
        }
        if (more != null) {
            more.properties().forEach(entry -> values.put(entry.getKey(), TemplateValue.of(entry.getValue())));
        }
        return values;
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
            messages.add(ChatMessage.read(fields.element(listed.get(i), where, ChatMessage.KNOWN)));
        }
        return messages;
    }
}
