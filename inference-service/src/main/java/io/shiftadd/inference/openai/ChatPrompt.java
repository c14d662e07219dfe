package io.shiftadd.inference.openai;

import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.tokenizer.ChatTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A conversation as the text that a model continues: by the model's own template, or as a transcript. A transcript is the
 * system message, an empty line, then {@code User: …} and {@code Assistant: …} lines, and ends with {@code Assistant:}. It
 * stops where the model begins to write the user's next line.
 *
 * @param stops that the way of writing needs beside those asked for
 */
record ChatPrompt(PromptTokens tokens, List<String> stops) {

    private static final Map<String, String> SPEAKERS = Map.of("user", "User: ", "assistant", "Assistant: ");
    private static final List<String> STOPS = List.of("\nUser:");

    static ChatPrompt of(List<Map<String, Object>> messages, LoadedModel model) {
        Optional<ChatTemplate> template = model.tokenizer().chatTemplate();
        if (template.isPresent()) {
            String text = template.get().render(messages, true);
            return new ChatPrompt(PromptTokens.ofChat(text, false, model), List.of());
        }
        return new ChatPrompt(PromptTokens.ofChat(transcript(messages), true, model), STOPS);
    }

    static String transcript(List<Map<String, Object>> messages) {
        StringBuilder text = new StringBuilder();
        for (Map<String, Object> message : messages) {
            String speaker = SPEAKERS.get(String.valueOf(message.get("role")));
            text.append(speaker == null ? "" : speaker)
                    .append(message.get("content"))
                    .append(speaker == null ? "\n\n" : "\n");
        }
        return text.append("Assistant:").toString();
    }

    List<String> stopsWith(List<String> asked) {
        List<String> all = new ArrayList<>(asked);
        all.addAll(stops);
        return all;
    }
}
