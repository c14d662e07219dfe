package io.shiftadd.motion.instruction;

import io.shiftadd.http.Shown;
import io.shiftadd.motion.description.Description;
import io.shiftadd.motion.description.InvalidDescriptionException;
import io.shiftadd.motion.description.RobotKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks a language model what an instruction means: a chat completion whose answer is kept to the schema of
 * descriptions, at temperature 0, with the turns before as messages. When those do not fit the model's context, the
 * oldest are left out, one after the other. Thread-safe.
 */
public final class Interpreter {

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final int MOST_TOKENS = 512;
    private static final int BAD_REQUEST = 400;
    private static final int OK = 200;
    private static final JsonMapper JSON = new JsonMapper();

    private final LanguageModelSettings settings;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final Map<RobotKind, String> explanations = new EnumMap<>(RobotKind.class);

    public Interpreter(LanguageModelSettings settings) {
        this.settings = settings;
        for (RobotKind kind : RobotKind.values()) {
            if (settings.explains(kind)) {
                explanations.put(kind, explanation(kind));
            }
        }
    }

    /** What was said before, and the description that it was. */
    public record Before(String text, Description meaning) {}

    public String model() {
        return settings.name();
    }

    /**
     * @param kind of robot that is spoken to
     * @param before oldest first
     * @throws LanguageModelException when there is no answer
     */
    public Understood interpret(RobotKind kind, String text, List<Before> before) throws InterruptedException {
        List<Before> told = before.subList(Math.max(0, before.size() - settings.history()), before.size());
        while (true) {
            HttpResponse<String> response = send(request(kind, text, told));
            if (response.statusCode() == OK) {
                return read(kind, response.body());
            }
            if (response.statusCode() != BAD_REQUEST || told.isEmpty() || !isTooLong(response.body())) {
                throw new LanguageModelException("The model '" + settings.name() + "' at " + settings.baseUrl()
                        + " answered " + response.statusCode() + ": " + message(response.body()));
            }
            told = told.subList(1, told.size());
        }
    }

    private HttpResponse<String> send(ObjectNode body) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(settings.baseUrl().toString().replaceAll("/+$", "") + "/chat/completions"))
                .timeout(settings.timeout())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        if (!settings.apiKey().isEmpty()) {
            request.header("Authorization", "Bearer " + settings.apiKey());
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new LanguageModelException("No language model answers at " + settings.baseUrl() + " (" + why
                    + "). Start the inference-service, or set shiftadd.motion.language-model.base-url.");
        }
    }

    private ObjectNode request(RobotKind kind, String text, List<Before> before) {
        ObjectNode body = JSON.createObjectNode().put("model", settings.name());
        ArrayNode messages = body.putArray("messages");
        String explanation = explanations.get(kind);
        if (explanation != null) {
            message(messages, "system", explanation);
        }
        for (Before turn : before) {
            message(messages, "user", turn.text());
            message(messages, "assistant", turn.meaning().toJson().toString());
        }
        message(messages, "user", text);
        body.put("temperature", 0).put("max_tokens", MOST_TOKENS);
        ObjectNode format = body.putObject("response_format").put("type", "json_schema");
        ObjectNode schema = format.putObject("json_schema").put("name", "motion_description");
        schema.put("strict", true).set("schema", kind.schema());
        return body;
    }

    private static void message(ArrayNode messages, String role, String content) {
        messages.addObject().put("role", role).put("content", content);
    }

    private static Understood read(RobotKind kind, String body) {
        String content;
        try {
            content = JSON.readTree(body).at("/choices/0/message/content").asString("");
        } catch (JacksonException e) {
            throw new LanguageModelException("The language model's answer is no JSON: " + Shown.of(body));
        }
        JsonNode json;
        try {
            json = JSON.readTree(content);
        } catch (JacksonException e) {
            return new Understood.Nonsense("the model's answer is no description: " + Shown.of(content));
        }
        try {
            return new Understood.Meaning(kind.read(json));
        } catch (InvalidDescriptionException e) {
            return new Understood.Nonsense(e.reason());
        }
    }

    /** As OpenAI and ours say it, and as others do in words. */
    private static boolean isTooLong(String body) {
        return body.contains("context_length_exceeded") || body.contains("context length");
    }

    private static String message(String body) {
        try {
            String message = JSON.readTree(body).at("/error/message").asString("");
            return message.isEmpty() ? Shown.of(body) : message;
        } catch (JacksonException e) {
            return Shown.of(body);
        }
    }

    private static String explanation(RobotKind kind) {
        String name = kind == RobotKind.QUADRUPED ? "explanation.txt" : "explanation-" + kind + ".txt";
        try (InputStream stream = Objects.requireNonNull(Interpreter.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
