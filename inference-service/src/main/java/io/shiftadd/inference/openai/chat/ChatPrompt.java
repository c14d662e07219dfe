package io.shiftadd.inference.openai.chat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.openai.request.PromptTokens;
import io.shiftadd.tokenizer.ChatTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A conversation as the text that a model continues: by the model's own template, or as a transcript. A transcript is
 * the system message, an empty line, then {@code User: …} and {@code Assistant: …} lines, and ends with {@code
 * Assistant:}. It stops where the model begins to write the user's next line.
 *
 * @param stops that the way of writing needs beside those asked for
 */
record ChatPrompt(PromptTokens tokens, List<String> stops) {

    private static final Map<String, String> SPEAKERS = Map.of("user", "User: ", "assistant", "Assistant: ");
    private static final List<String> STOPS = List.of("\nUser:");

    /** Templates do not change, and finding their format means to run them. */
    private static final LoadingCache<ChatTemplate, ContentFormat> FORMATS =
            Caffeine.newBuilder().weakKeys().build(ContentFormat::of);

    static ChatPrompt of(ChatRequest asked, LoadedModel model) {
        List<Map<String, Object>> messages = asked.messages();
        Optional<ChatTemplate> template = model.tokenizer().chatTemplate();
        if (template.isPresent()) {
            List<Map<String, Object>> written = FORMATS.get(template.get()).apply(messages);
            String text = template.get().render(written, true, asked.templateValues());
            return new ChatPrompt(PromptTokens.ofChat(text, false, model), List.of());
        }
        return new ChatPrompt(PromptTokens.ofChat(transcript(messages), true, model), STOPS);
    }

    static String transcript(List<Map<String, Object>> messages) {
        StringBuilder text = new StringBuilder();
        for (Map<String, Object> message : messages) {
            String speaker = SPEAKERS.get(String.valueOf(message.get("role")));
            text.append(speaker == null ? "" : speaker)
                    .append(ContentFormat.joined(message.get("content")))
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
