package io.shiftadd.inference.conversation;

import io.shiftadd.tokenizer.ChatTemplate;
import io.shiftadd.tokenizer.ChatTemplateException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * In which form a template reads the content of messages: as a text, as a list of parts, or as either. Found by asking
 * it: a template that walks over parts leaves a text out, and one that takes texts writes a list as a program would,
 * braces and all. Its own messages about wrong conversations count as what it writes.
 */
record ContentFormat(boolean texts, boolean parts) {

    private static final String PROBE = "content-probe-5c1f";

    /** A part as Python or JSON writes it. */
    private static final Pattern DUMP = Pattern.compile("[\"']text[\"']\\s*:\\s*[\"']" + PROBE);

    /** Conversations that templates accept; many want a user's message, some a system's before it. */
    private static final List<List<String>> CONVERSATIONS = List.of(List.of("user"), List.of("system", "user"));

    static ContentFormat of(ChatTemplate template) {
        for (List<String> roles : CONVERSATIONS) {
            boolean texts = written(template, roles, PROBE).contains(PROBE);
            String fromParts = written(template, roles, asParts(PROBE));
            boolean parts =
                    fromParts.contains(PROBE) && !DUMP.matcher(fromParts).find();
            if (texts || parts) {
                return new ContentFormat(texts, parts);
            }
        }
        return new ContentFormat(true, false);
    }

    private static String written(ChatTemplate template, List<String> roles, Object content) {
        List<Map<String, Object>> messages = new ArrayList<>();
        for (String role : roles) {
            messages.add(Map.of("role", role, "content", content));
        }
        try {
            return template.render(messages, true);
        } catch (ChatTemplateException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static List<Map<String, Object>> asParts(String text) {
        return List.of(Map.of("type", "text", "text", text));
    }

    /** The messages with each content in a form that the template reads, as it was sent where it reads both. */
    List<Map<String, Object>> apply(List<Map<String, Object>> messages) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Map<String, Object> message : messages) {
            Map<String, Object> written = new LinkedHashMap<>(message);
            written.put("content", content(message.get("content")));
            all.add(written);
        }
        return all;
    }

    private Object content(@Nullable Object sent) {
        if (sent instanceof List<?> list) {
            return parts ? list : joined(list);
        }
        String text = String.valueOf(sent);
        return texts ? text : asParts(text);
    }

    /** The text of a content in either form. */
    static String joined(@Nullable Object content) {
        if (!(content instanceof List<?> parts)) {
            return String.valueOf(content);
        }
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            if (part instanceof Map<?, ?> map) {
                text.append(map.get("text"));
            }
        }
        return text.toString();
    }
}
