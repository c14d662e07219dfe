package io.shiftadd.inference.conversation;

import io.shiftadd.inference.openai.request.SamplingFields;
import io.shiftadd.inference.openai.structure.ResponseFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A conversation that is to be answered.
 *
 * @param messages as chat templates know them: role (system, user, assistant, tool), content (a text, or a list of
 *     parts), and name, tool_calls, tool_call_id, reasoning_content where there are any; or {@link #raw} alone
 * @param templateValues what the model's template is given beside the messages
 * @param topLogprobs empty = no log-probabilities
 * @param maxTokens empty = what the context has room for
 * @param maxTokensField what the request calls that
 * @param thinkingBudget tokens that a thought may have; empty = as many as there are
 */
public record Ask(
        String model,
        List<Map<String, Object>> messages,
        ToolUse tools,
        Map<String, @Nullable Object> templateValues,
        SamplingFields sampling,
        OptionalInt topLogprobs,
        OptionalInt maxTokens,
        String maxTokensField,
        OptionalInt thinkingBudget,
        ResponseFormat format) {

    private static final String RAW = "raw";
    private static final String AFTER = "after";

    /** What stands for messages where a prompt is to be continued as it is, written by no template. */
    public static List<Map<String, Object>> raw(String prompt) {
        return List.of(Map.of("role", RAW, "content", prompt));
    }

    /** What stands for messages where a model is to write what stands between two texts. */
    public static List<Map<String, Object>> between(String before, String after) {
        return List.of(Map.of("role", RAW, "content", before, AFTER, after));
    }

    /** What is to follow what {@link #rawPrompt} is continued with; empty where nothing is. */
    Optional<String> suffix() {
        return rawPrompt().map(_ -> messages.getFirst().get(AFTER)).map(String::valueOf);
    }

    /** The prompt that no template is to write; empty for messages. */
    Optional<String> rawPrompt() {
        return messages.size() == 1 && RAW.equals(messages.getFirst().get("role"))
                ? Optional.of(String.valueOf(messages.getFirst().get("content")))
                : Optional.empty();
    }
}
