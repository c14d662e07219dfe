package io.shiftadd.cli.chat;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.platform.Answer;
import io.shiftadd.cli.platform.InferenceApi;
import io.shiftadd.cli.platform.Interruption;
import io.shiftadd.cli.platform.RefusedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What was said so far, and how the model is asked. Used by one thread. */
final class Conversation {

    private static final String TOO_LONG = "context_length_exceeded";

    private final InferenceApi inference;
    private final Map<String, Object> parameters = new TreeMap<>();
    private final List<Map<String, String>> messages = new ArrayList<>();
    private String model;
    private String system = "";
    private int forgotten;

    Conversation(InferenceApi inference, String model) {
        this.inference = inference;
        this.model = model;
    }

    String model() {
        return model;
    }

    void model(String name) {
        model = name;
    }

    String system() {
        return system;
    }

    /** What the model is told before everything else; empty for nothing. */
    void system(String text) {
        system = text.strip();
    }

    Map<String, Object> parameters() {
        return parameters;
    }

    /**
     * Sets a field of the requests; the service knows which there are.
     *
     * @param value as JSON where it is that, else a text; empty to leave the field out again
     */
    void set(String field, String value) {
        if (value.isBlank()) {
            parameters.remove(field);
        } else {
            parameters.put(field, valueOf(value.strip()));
        }
    }

    private static Object valueOf(String text) {
        try {
            JsonNode value = JsonMapper.shared().readTree(text);
            return value.isMissingNode() ? text : value;
        } catch (JacksonException noJson) {
            return text;
        }
    }

    /** Begins anew; system prompt and parameters stay. */
    void clear() {
        messages.clear();
    }

    /** Exchanges that had to be left out of the last request, because the context has no room for them. */
    int forgotten() {
        return forgotten;
    }

    /**
     * Asks, and remembers question and answer. Where the context is full, the oldest exchange is forgotten first.
     *
     * @throws RefusedRequest when the service refuses; then the question is not remembered
     */
    Answer ask(String question, InferenceApi.Listener listener, Interruption interruption) throws InterruptedException {
        messages.add(Map.of("role", "user", "content", question));
        forgotten = 0;
        boolean answered = false;
        try {
            Answer answer = askFitting(listener, interruption);
            messages.add(Map.of("role", "assistant", "content", answer.text()));
            answered = true;
            return answer;
        } finally {
            if (!answered) {
                messages.removeLast();
            }
        }
    }

    /** Asks the last question again, as if it had not been answered; null where there was none. */
    @Nullable
    Answer again(InferenceApi.Listener listener, Interruption interruption) throws InterruptedException {
        if (messages.size() < 2) {
            return null;
        }
        Map<String, String> answered = messages.removeLast();
        Map<String, String> asked = messages.removeLast();
        try {
            return ask(asked.getOrDefault("content", ""), listener, interruption);
        } catch (CommandFailure refused) {
            messages.add(asked);
            messages.add(answered);
            throw refused;
        }
    }

    private Answer askFitting(InferenceApi.Listener listener, Interruption interruption) throws InterruptedException {
        while (true) {
            try {
                return inference.chat(request(), listener, interruption);
            } catch (RefusedRequest refused) {
                if (!refused.is(TOO_LONG) || messages.size() < 3) {
                    throw refused;
                }
                messages.subList(0, 2).clear();
                forgotten++;
            }
        }
    }

    private Map<String, Object> request() {
        List<Map<String, String>> all = new ArrayList<>();
        if (!system.isEmpty()) {
            all.add(Map.of("role", "system", "content", system));
        }
        all.addAll(messages);
        Map<String, Object> request = new TreeMap<>(parameters);
        request.put("model", model);
        request.put("messages", all);
        return request;
    }
}
