package io.shiftadd.inference.conversation;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.shiftadd.inference.conversation.ToolTexts.SystemText;
import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.PromptTokens;
import io.shiftadd.inference.syntax.FillIn;
import io.shiftadd.inference.syntax.Reasoning;
import io.shiftadd.tokenizer.ChatTemplate;
import io.shiftadd.tokenizer.ChatTemplateException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A conversation as the text that a model continues: by the model's own template, or as a transcript. A transcript is
 * the system message, an empty line, then {@code User: …} and {@code Assistant: …} lines, and ends with {@code
 * Assistant:}. It stops where the model begins to write the user's next line.
 *
 * @param stops that the way of writing needs beside those asked for
 * @param style how calls are written
 * @param reasoning how the model marks its thoughts; empty when it has none
 * @param start where the prompt leaves the thought
 */
record ConversationPrompt(
        PromptTokens tokens,
        List<String> stops,
        ToolStyle style,
        Optional<Reasoning> reasoning,
        Reasoning.Start start) {

    private static final Map<String, String> SPEAKERS = Map.of("user", "User: ", "assistant", "Assistant: ");
    private static final List<String> STOPS = List.of("\nUser:");

    /** Templates do not change, and finding their format means to run them. */
    private static final LoadingCache<ChatTemplate, ContentFormat> FORMATS =
            Caffeine.newBuilder().weakKeys().build(ContentFormat::of);

    static ConversationPrompt of(Ask asked, LoadedModel model) {
        Optional<ChatTemplate> template = model.tokenizer().chatTemplate();
        ToolStyle style = ToolStyle.of(template);
        if (asked.rawPrompt().isPresent()) {
            PromptTokens tokens = PromptTokens.ofChat(raw(asked, model), true, model);
            return new ConversationPrompt(tokens, List.of(), style, Optional.empty(), Reasoning.Start.ENDED);
        }
        List<Map<String, Object>> messages = withNamesOfTools(asked.messages());
        if (template.isEmpty()) {
            List<Map<String, Object>> plain = ToolTexts.write(messages, offered(asked), SystemText.AS_MESSAGE);
            PromptTokens tokens = PromptTokens.ofChat(transcript(plain), true, model);
            return new ConversationPrompt(tokens, STOPS, style, Optional.empty(), Reasoning.Start.ENDED);
        }
        String text = written(template.get(), style, messages, asked);
        Optional<Reasoning> reasoning = Reasoning.of(template.get().source());
        return new ConversationPrompt(
                PromptTokens.ofChat(text, false, model),
                List.of(),
                style,
                reasoning,
                reasoning.map(marks -> marks.start(text)).orElse(Reasoning.Start.ENDED));
    }

    private static String raw(Ask asked, LoadedModel model) {
        String before = asked.rawPrompt().orElseThrow();
        return asked.suffix().map(after -> between(before, after, model)).orElse(before);
    }

    private static String between(String before, String after, LoadedModel model) {
        return FillIn.of(model.tokenizer())
                .orElseThrow(() -> ApiException.invalid(
                        "suffix",
                        "The model '" + model.registered().name() + "' does not support insert: its vocabulary has no"
                                + " tokens that mark what stands before and after; leave 'suffix' out"))
                .prompt(before, after);
    }

    private static List<Tool> offered(Ask asked) {
        return asked.tools().callable() ? asked.tools().offered() : List.of();
    }

    private static String written(
            ChatTemplate template, ToolStyle style, List<Map<String, Object>> messages, Ask asked) {
        List<Tool> tools = offered(asked);
        return switch (style.place()) {
            case TEMPLATE -> render(template, messages, tools.isEmpty() ? null : definitions(tools), asked);
            case SYSTEM_MESSAGE -> render(template, inSystemMessage(messages, tools), null, asked);
            case TEXT -> {
                if (tools.isEmpty() && messages.stream().noneMatch(ConversationPrompt::isOfTools)) {
                    yield render(template, messages, null, asked);
                }
                try {
                    yield render(template, ToolTexts.write(messages, tools, SystemText.AS_MESSAGE), null, asked);
                } catch (ChatTemplateException e) {
                    yield render(template, ToolTexts.write(messages, tools, SystemText.BEFORE_FIRST_USER), null, asked);
                }
            }
        };
    }

    private static boolean isOfTools(Map<String, Object> message) {
        return message.containsKey("tool_calls") || "tool".equals(message.get("role"));
    }

    private static String render(
            ChatTemplate template, List<Map<String, Object>> messages, @Nullable List<?> tools, Ask asked) {
        List<Map<String, Object>> written = FORMATS.get(template).apply(messages);
        return template.render(written, tools, true, asked.templateValues());
    }

    private static List<@Nullable Object> definitions(List<Tool> tools) {
        List<@Nullable Object> all = new ArrayList<>();
        tools.forEach(tool -> all.add(TemplateValue.of(tool.definition())));
        return all;
    }

    private static List<Map<String, Object>> inSystemMessage(List<Map<String, Object>> messages, List<Tool> tools) {
        if (tools.isEmpty()) {
            return messages;
        }
        ArrayNode functions = JsonNodeFactory.instance.arrayNode();
        tools.forEach(tool -> functions.add(tool.definition().path("function")));
        List<Map<String, Object>> all = new ArrayList<>(messages);
        boolean hasSystem = "system".equals(all.getFirst().get("role"));
        Map<String, Object> system =
                new LinkedHashMap<>(hasSystem ? all.removeFirst() : Map.of("role", "system", "content", ""));
        system.put("tools", functions.toString());
        all.addFirst(system);
        return all;
    }

    /** What a call gave, with the name of the tool that was called: some templates want it. */
    private static List<Map<String, Object>> withNamesOfTools(List<Map<String, Object>> messages) {
        Map<Object, Object> names = new HashMap<>();
        List<Map<String, Object>> all = new ArrayList<>();
        for (Map<String, Object> message : messages) {
            if (message.get("tool_calls") instanceof List<?> calls) {
                for (Object call : calls) {
                    if (call instanceof Map<?, ?> map && map.get("function") instanceof Map<?, ?> function) {
                        names.put(map.get("id"), function.get("name"));
                    }
                }
            }
            Object name = names.get(String.valueOf(message.get("tool_call_id")));
            Map<String, Object> written = new LinkedHashMap<>(message);
            if ("tool".equals(message.get("role")) && name != null) {
                written.putIfAbsent("name", name);
            }
            all.add(written);
        }
        return all;
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
}
