package io.shiftadd.tokenizer;

import java.util.List;
import java.util.Map;

/** How a model wants a conversation written: a Jinja template that its makers published. Thread-safe. */
public interface ChatTemplate {

    /**
     * The prompt of a conversation.
     *
     * @param messages each with at least {@code role} and {@code content}; values are strings, numbers, booleans, lists
     *     and maps
     * @param addGenerationPrompt whether to end with what begins the assistant's answer
     * @throws ChatTemplateException when the template rejects the conversation, fails, or exceeds its limits
     */
    String render(List<Map<String, Object>> messages, boolean addGenerationPrompt);
}
