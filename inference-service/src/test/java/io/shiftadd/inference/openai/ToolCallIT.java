package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.shiftadd.inference.Samples;
import io.shiftadd.inference.ScriptedChat;
import io.shiftadd.inference.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tools and thoughts in chat: models that write what they are told, each by its own template, and a trained tiny one.
 */
class ToolCallIT {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNode TOOLS = JSON.readTree("""
            [{"type": "function", "function": {"name": "get_weather", "description": "The weather",
              "parameters": {"type": "object", "required": ["city"], "additionalProperties": false,
                "properties": {"city": {"type": "string", "maxLength": 12}, "days": {"type": "integer", "minimum": 1, "maximum": 9}}}}},
             {"type": "function", "function": {"name": "stop", "strict": true}}]""");
    private static final String ARGUMENTS = "{\"city\": \"Paris\", \"days\": 2}";

    /** As much of each family's template as its format is told by. */
    private static final String WRITES =
            "{% if tools %}T{{ tools | length }}{% endif %}{% for m in messages %}{{ m.role }}:{{ m.content }}"
                    + "{% for c in m.tool_calls or [] %}{{ c.function.name }}{{ c.function.arguments | tojson }}{% endfor %};"
                    + "{% endfor %}";

    private static final Map<String, String> ANSWERS = Map.of(
            "hermes", "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": " + ARGUMENTS + "}\n</tool_call>",
            "mistral", "[TOOL_CALLS] [{\"name\": \"get_weather\", \"arguments\": " + ARGUMENTS + "}]",
            "named", "[TOOL_CALLS]get_weather[ARGS]" + ARGUMENTS,
            "llama", "{\"name\": \"get_weather\", \"parameters\": " + ARGUMENTS + "}",
            "phi", "<|tool_call|>[{\"name\": \"get_weather\", \"arguments\": " + ARGUMENTS + "}]<|/tool_call|>",
            "json", "```json\n{\"name\": \"get_weather\", \"parameters\": " + ARGUMENTS + "}\n```",
            "block", "```tool_code\nprint(get_weather(city=\"Paris\", days=2))\n```",
            "list", "[get_weather(city=\"Paris\", days=2)]");

    /** Formats whose calls are the whole answer. */
    private static final Set<String> ALONE = Set.of("llama", "json", "list");

    private static final Map<String, List<String>> MARKS = Map.of(
            "hermes", List.of("<tool_call>", "</tool_call>"),
            "mistral", List.of("[TOOL_CALLS]"),
            "named", List.of("[TOOL_CALLS]", "[ARGS]"),
            "llama", List.of("<|python_tag|>"),
            "phi", List.of("<|tool_call|>", "<|/tool_call|>"),
            "json", List.of(),
            "block", List.of(),
            "list", List.of());

    /** What templates say of formats without marks. */
    private static final Map<String, String> SAYS = Map.of(
            "json", "<start_of_turn> {\"name\": function name, \"parameters\": dictionary of its arguments}",
            "block", "wrapped in ```tool_code```",
            "list", "[func_name1(params_name1=params_value1, params_name2=params_value2...), func_name2(params)]");

    private static final List<Map<String, Object>> QUESTION = List.of(Map.of("role", "user", "content", "Rain?"));

    /** A mark within it is none; decoders write a blank after a special token. */
    private static final String THOUGHT = "I see <tool_call>  there.";

    private static final String RESULT = "Rain in the morning, then wind and more rain, and a high sea in the evening.";

    @TempDir
    static Path models;

    private static Service service;

    @BeforeAll
    static void start() throws IOException {
        service = new Service();
        Path gemma = models.resolve("gemma");
        FileSystemUtils.copyRecursively(Samples.model("llama-mini"), gemma);
        Files.writeString(gemma.resolve("chat_template.jinja"), Samples.template("gemma-3"));
        service.registry.add("gemma", gemma.toString(), 7_000_000);
        MARKS.forEach((format, marks) -> {
            String says = SAYS.getOrDefault(format, String.join(" ", marks));
            String template = "{# " + says + " #}" + WRITES;
            new ScriptedChat(models.resolve(format), template, marks)
                    .answers(
                            QUESTION,
                            List.of("1", "2"),
                            Map.of(),
                            "I look. ".repeat(ALONE.contains(format) ? 0 : 1) + ANSWERS.get(format))
                    .answers(afterCall(), List.of("1", "2"), Map.of(), "It will rain.")
                    .add(service, format);
        });
        String thinking = "{# tools <think> </think> <tool_call> #}" + WRITES.substring(WRITES.indexOf("{% for"))
                + "{% if enable_thinking is false %}<think></think>{% endif %}";
        new ScriptedChat(
                        models.resolve("thinking"),
                        thinking,
                        List.of("<think>", "</think>", "<tool_call>", "</tool_call>"))
                .answers(QUESTION, null, Map.of(), "<think>\nI see <tool_call> there.\n</think>\n\nIt will rain.")
                .add(service, "thinking");
    }

    private static List<Map<String, Object>> afterCall() {
        return List.of(
                QUESTION.getFirst(),
                Map.of(
                        "role",
                        "assistant",
                        "content",
                        "I look.",
                        "tool_calls",
                        List.of(Map.of(
                                "id", "abcdefghi",
                                "type", "function",
                                "function", Map.of("name", "get_weather", "arguments", ordered())))),
                Map.of("role", "tool", "content", RESULT, "tool_call_id", "abcdefghi"));
    }

    private static Map<String, Object> ordered() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("city", "Paris");
        arguments.put("days", 2);
        return arguments;
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Map<String, Object> body(String model, Object... more) {
        Map<String, Object> body = new HashMap<>(Map.of("model", model, "messages", QUESTION, "temperature", 0));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    private static Service.Answer send(Map<String, Object> body) {
        Service.Answer answer = service.post("/v1/chat/completions", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private static JsonNode choice(Map<String, Object> body) {
        return send(body).json().at("/choices/0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hermes", "mistral", "named", "llama", "phi", "json", "block", "list"})
    void makesARoundTripInTheFormatOfTheTemplate(String format) {
        JsonNode choice = choice(body(format, "tools", TOOLS));
        assertThat(choice.at("/finish_reason").stringValue()).as("%s", choice).isEqualTo("tool_calls");
        JsonNode call = choice.at("/message/tool_calls/0");
        assertThat(call.at("/type").stringValue()).isEqualTo("function");
        assertThat(call.at("/function/name").stringValue()).isEqualTo("get_weather");
        assertThat(call.at("/function/arguments").stringValue()).isEqualTo(ARGUMENTS);
        if (ALONE.contains(format)) {
            assertThat(choice.at("/message/content").isNull()).isTrue();
        } else {
            assertThat(choice.at("/message/content").stringValue().strip()).isEqualTo("I look.");
        }
        List<Object> messages = new ArrayList<>(QUESTION);
        messages.add(Map.of("role", "assistant", "content", "I look.", "tool_calls", choice.at("/message/tool_calls")));
        messages.add(Map.of("role", "tool", "tool_call_id", call.at("/id"), "content", RESULT));
        JsonNode second = choice(body(format, "tools", TOOLS, "messages", messages));
        assertThat(second.at("/finish_reason").stringValue()).isEqualTo("stop");
        assertThat(second.at("/message/content").stringValue().strip()).isEqualTo("It will rain.");
        assertThat(second.at("/message").has("tool_calls")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hermes", "llama", "named", "json", "block", "list"})
    void streamsCallsAsDeltas(String format) {
        List<String> events = send(body(format, "tools", TOOLS, "stream", true)).events();
        List<JsonNode> calls = new ArrayList<>();
        StringBuilder arguments = new StringBuilder();
        for (String event : events.subList(0, events.size() - 1)) {
            JsonNode choice = JSON.readTree(event).at("/choices/0");
            choice.at("/delta/tool_calls").forEach(calls::add);
        }
        assertThat(calls).hasSizeGreaterThan(3);
        JsonNode first = calls.getFirst();
        assertThat(first.propertyNames()).containsExactly("index", "id", "type", "function");
        assertThat(first.at("/function/name").stringValue()).isEqualTo("get_weather");
        assertThat(first.at("/function/arguments").stringValue()).isEmpty();
        for (JsonNode more : calls.subList(1, calls.size())) {
            assertThat(more.propertyNames()).containsExactly("index", "function");
            assertThat(more.at("/function").propertyNames()).containsExactly("arguments");
            arguments.append(more.at("/function/arguments").stringValue());
        }
        assertThat(arguments).hasToString(ARGUMENTS);
        assertThat(JSON.readTree(events.get(events.size() - 2))
                        .at("/choices/0/finish_reason")
                        .stringValue())
                .isEqualTo("tool_calls");
    }

    /** Gemma 3's own template knows neither tools nor their role, and wants user and assistant to take turns. */
    @Test
    void goesOnWithWhatACallGaveByATemplateThatKnowsNoTools() {
        JsonNode choice = choice(body("gemma", "tools", TOOLS, "tool_choice", "required", "max_tokens", 60));
        List<Object> messages = new ArrayList<>(QUESTION);
        messages.add(choice.at("/message"));
        choice.at("/message/tool_calls")
                .forEach(call ->
                        messages.add(Map.of("role", "tool", "tool_call_id", call.at("/id"), "content", RESULT)));
        JsonNode second = send(body("gemma", "tools", TOOLS, "messages", messages, "max_tokens", 2))
                .json();
        int first = send(body("gemma", "tools", TOOLS, "max_tokens", 2))
                .json()
                .at("/usage/prompt_tokens")
                .intValue();
        assertThat(second.at("/usage/prompt_tokens").intValue()).isGreaterThan(first + 20);
    }

    @Test
    void callsNothingWhenNoneIsChosen() {
        JsonNode choice = choice(body("hermes", "tools", TOOLS, "tool_choice", "none", "max_tokens", 20));
        assertThat(choice.at("/message").has("tool_calls")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-mini", "opt-mini", "mistral", "phi", "json", "block", "list", "gemma"})
    void aForcedCallAlwaysMeetsItsSchema(String model) {
        var judge = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(TOOLS.at("/0/function/parameters"));
        Object named = Map.of("type", "function", "function", Map.of("name", "get_weather"));
        for (int seed = 0; seed < 4; seed++) {
            JsonNode choice = choice(body(
                    model,
                    "tools",
                    TOOLS,
                    "tool_choice",
                    seed % 2 == 0 ? named : "required",
                    "parallel_tool_calls",
                    seed > 1,
                    "seed",
                    seed,
                    "temperature",
                    1.2,
                    "max_tokens",
                    70 + seed));
            assertThat(choice.at("/finish_reason").stringValue())
                    .as("%s", choice)
                    .isEqualTo("tool_calls");
            for (JsonNode call : choice.at("/message/tool_calls")) {
                JsonNode arguments =
                        JSON.readTree(call.at("/function/arguments").stringValue());
                if (call.at("/function/name").stringValue().equals("get_weather")) {
                    assertThat(judge.validate(arguments)).as("%s", choice).isEmpty();
                } else {
                    assertThat(arguments).isEmpty();
                }
            }
            assertThat(seed > 1 || choice.at("/message/tool_calls").size() == 1).isTrue();
        }
    }

    @Test
    void keepsThoughtsApartAndCountsThem() {
        JsonNode answer = send(body("thinking", "tools", TOOLS)).json();
        assertThat(answer.at("/choices/0/message/reasoning_content").stringValue())
                .isEqualTo(THOUGHT);
        assertThat(answer.at("/choices/0/message/content").stringValue()).isEqualTo("It will rain.");
        int thought =
                answer.at("/usage/completion_tokens_details/reasoning_tokens").intValue();
        assertThat(thought).isBetween(5, answer.at("/usage/completion_tokens").intValue() - 3);
        StringBuilder reasoning = new StringBuilder();
        StringBuilder content = new StringBuilder();
        List<String> events =
                send(body("thinking", "tools", TOOLS, "stream", true)).events();
        for (String event : events.subList(0, events.size() - 1)) {
            JsonNode delta = JSON.readTree(event).at("/choices/0/delta");
            reasoning.append(delta.path("reasoning_content").asString(""));
            content.append(delta.path("content").asString(""));
        }
        assertThat(reasoning).hasToString(THOUGHT);
        assertThat(content).hasToString("It will rain.");
    }

    @Test
    void endsAThoughtWhenItsBudgetIsUsedUp() {
        JsonNode answer =
                send(body("thinking", "thinking_budget", 3, "max_tokens", 30)).json();
        int thought =
                answer.at("/usage/completion_tokens_details/reasoning_tokens").intValue();
        assertThat(thought).isBetween(3, 5);
        assertThat(answer.at("/choices/0/message/content").stringValue())
                .as("%s", answer)
                .isNotEmpty();
    }

    @Test
    void thinksBeforeAnAnswerOfAForm() {
        Map<String, Object> format = Map.of("type", "json_object");
        JsonNode choice = choice(body("thinking", "tools", TOOLS, "response_format", format, "max_tokens", 40));
        assertThat(choice.at("/message/reasoning_content").stringValue()).isEqualTo(THOUGHT);
        assertThat(JSON.readTree(choice.at("/message/content").stringValue()).isObject())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"tools\":[{\"type\":\"code\"}] | tools[0].type | 'function'",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}] | tools[0].function.name | letters",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"string\"}}}] | tools[0].function.parameters.type | object",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"not\":{\"const\":1}}}}] | tools[0].function.parameters.not | not supported",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},{\"type\":\"function\",\"function\":{\"name\":\"f\"}}] | tools | two tools",
                "\"tool_choice\":\"required\" | tool_choice | no tool",
                "\"tool_choice\":\"maybe\" | tool_choice | 'required'",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"g\"}} | tool_choice | 'g'",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":\"required\",\"max_tokens\":2 | max_completion_tokens | shortest answer",
                "\"messages\":[{\"role\":\"tool\",\"content\":\"a\"}] | messages[0].tool_call_id | id of the call",
                "\"messages\":[{\"role\":\"user\",\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}] | messages[0].tool_calls | only an assistant",
                "\"functions\":[{\"name\":\"f\"}] | functions | 'tools'"
            })
    void refusesAndNamesTheField(String fields, String field, String says) {
        String messages = fields.contains("messages") ? "" : "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],";
        Service.Answer answer =
                service.post("/v1/chat/completions", "{\"model\":\"llama-mini\"," + messages + fields + "}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error().at("/param").stringValue()).isEqualTo(field);
        assertThat(answer.error().at("/message").stringValue()).contains(says);
    }
}
