package io.shiftadd.tokenizer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a model wants a conversation written: a Jinja template that its makers published. Thread-safe. */
public interface ChatTemplate {

    /**
     * The prompt of a conversation.
     *
     * @param messages each with at least {@code role} and {@code content}; values are strings, numbers, booleans, lists
     *     and maps
     * @param tools that may be called, as the API describes them; null when there are none
     * @param addGenerationPrompt whether to end with what begins the assistant's answer
     * @param more further variables, which only this template may know; they take no other's place
     * @throws ChatTemplateException when the template rejects the conversation, fails, or exceeds its limits
     */
    String render(
            List<Map<String, Object>> messages,
            @Nullable List<?> tools,
            boolean addGenerationPrompt,
            Map<String, @Nullable Object> more);

    /** The prompt of a conversation without tools and further variables. */
    default String render(List<Map<String, Object>> messages, boolean addGenerationPrompt) {
        return render(messages, null, addGenerationPrompt, Map.of());
    }

    /** The template itself, from which can be told what it knows; of several the one that is used with tools. */
    String source();

    /** Why the template cannot be read, so that every rendering fails; empty when it can. */
    Optional<String> malformed();
}
