package io.shiftadd.inference.ollama;

import io.shiftadd.inference.conversation.Ask;
import io.shiftadd.inference.conversation.Tool;
import io.shiftadd.inference.conversation.ToolMessages;
import io.shiftadd.inference.conversation.ToolUse;
import io.shiftadd.inference.conversation.ToolUse.Choice;
import io.shiftadd.inference.generation.sampling.SamplingSettings;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.Fields;
import io.shiftadd.inference.openai.request.IgnoredFields;
import io.shiftadd.inference.openai.request.KnownFields;
import io.shiftadd.inference.openai.request.SamplingFields;
import io.shiftadd.inference.openai.structure.ResponseFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request to {@code POST /api/chat} or {@code /api/generate}, everything checked that can be without the model.
 *
 * @param ask without messages when the model is to be loaded only
 * @param unload whether the model is to go after the answer; without messages, to go instead of being loaded
 */
record OllamaRequest(Ask ask, boolean stream, boolean unload) {

    private static final Set<String> KNOWN_OF_CHAT = KnownFields.of(OllamaBody.ChatBody.class);
    private static final Set<String> KNOWN_OF_GENERATE = KnownFields.of(OllamaBody.GenerateBody.class);
    private static final Set<String> KNOWN_OF_MESSAGE = KnownFields.of(OllamaBody.MessageBody.class);
    private static final Set<String> KNOWN_OF_CALL = KnownFields.of(OllamaBody.CallBody.class);
    private static final Set<String> KNOWN_OF_CALLED = KnownFields.of(OllamaBody.CalledBody.class);
    private static final Set<String> KNOWN_OF_TOOL = KnownFields.of(OllamaBody.ToolBody.class);
    private static final Set<String> KNOWN_OF_FUNCTION = KnownFields.of(OllamaBody.FunctionBody.class);
    private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");
    private static final String LATEST = ":latest";
    private static final Pattern DURATION = Pattern.compile("-?(\\d+(\\.\\d+)?(ns|us|µs|ms|s|m|h))+|-?\\d+(\\.\\d+)?");
    private static final Pattern ZERO = Pattern.compile("[^1-9]*");

    static OllamaRequest chat(JsonNode body, IgnoredFields ignored) {
        Fields fields = new Fields(body, "", KNOWN_OF_CHAT, ignored);
        List<Map<String, Object>> messages = new ArrayList<>();
        List<JsonNode> listed = fields.elements("messages", "an array of messages");
        for (int i = 0; i < listed.size(); i++) {
            messages.add(message(object(fields, listed.get(i), "messages[" + i + "]", KNOWN_OF_MESSAGE)));
        }
        return of(fields, messages, tools(fields));
    }

    static OllamaRequest generate(JsonNode body, IgnoredFields ignored) {
        Fields fields = new Fields(body, "", KNOWN_OF_GENERATE, ignored);
        List<Map<String, Object>> messages = new ArrayList<>();
        String prompt = fields.optionalText("prompt", "a text");
        String suffix = fields.optionalText("suffix", "a text");
        if (prompt != null && !prompt.isEmpty() && suffix != null && !suffix.isEmpty()) {
            return of(fields, Ask.between(prompt, suffix), ToolUse.NONE);
        }
        if (prompt != null && !prompt.isEmpty() && fields.has("raw") && fields.flag("raw")) {
            return of(fields, Ask.raw(prompt), ToolUse.NONE);
        }
        if (prompt != null && !prompt.isEmpty()) {
            String system = fields.optionalText("system", "a text");
            if (system != null && !system.isEmpty()) {
                messages.add(Map.of("role", "system", "content", system));
            }
            messages.add(Map.of("role", "user", "content", prompt));
        }
        return of(fields, messages, ToolUse.NONE);
    }

    /** As the registry knows it: names of this API have a tag. */
    static String model(String name) {
        return name.endsWith(LATEST) ? name.substring(0, name.length() - LATEST.length()) : name;
    }

    private static OllamaRequest of(Fields fields, List<Map<String, Object>> messages, ToolUse tools) {
        Fields options = fields.nested("options", KnownFields.of(OllamaBody.OptionsBody.class));
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        OptionalInt budget = thinking(fields, values);
        Ask ask = new Ask(
                model(fields.text("model", "the name of a model")),
                messages,
                tools,
                values,
                sampling(options),
                OptionalInt.empty(),
                options == null ? OptionalInt.empty() : tokens(options),
                "options.num_predict",
                budget,
                format(fields));
        return new OllamaRequest(ask, !fields.has("stream") || fields.flag("stream"), unloads(fields));
    }

    /** Seconds, or a text such as 5m; models are told nothing but zero, since others stay while there is room. */
    private static boolean unloads(Fields fields) {
        JsonNode time = fields.get("keep_alive");
        if (time == null) {
            return false;
        }
        if (time.isNumber()) {
            return time.doubleValue() == 0;
        }
        if (!time.isString() || !DURATION.matcher(time.stringValue()).matches()) {
            throw fields.wrong("keep_alive", "a time such as 5m, or seconds");
        }
        return ZERO.matcher(time.stringValue()).matches();
    }

    /** Negative numbers ask for as many as there is room for. */
    private static OptionalInt tokens(Fields options) {
        OptionalInt asked = options.count("num_predict", -2, Integer.MAX_VALUE);
        return asked.isPresent() && asked.getAsInt() < 0 ? OptionalInt.empty() : asked;
    }

    private static SamplingFields sampling(@Nullable Fields options) {
        if (options == null) {
            SamplingSettings usual = new SamplingSettings(0.8, 0.9, 40, 0, 1, 0, 0, Map.of());
            return new SamplingFields(usual, Set.of(), 1, OptionalLong.empty(), List.of(), List.of());
        }
        SamplingSettings settings = new SamplingSettings(
                options.number("temperature", 0, 2).orElse(0.8),
                options.number("top_p", 0, 1).orElse(0.9),
                options.count("top_k", 0, Integer.MAX_VALUE).orElse(40),
                options.number("min_p", 0, 1).orElse(0),
                options.number("repeat_penalty", 0.01, 10).orElse(1),
                options.number("presence_penalty", -2, 2).orElse(0),
                options.number("frequency_penalty", -2, 2).orElse(0),
                Map.of());
        OptionalInt seed = options.count("seed", Integer.MIN_VALUE, Integer.MAX_VALUE);
        Set<String> asked = new HashSet<>(SamplingFields.asked(options));
        if (options.get("repeat_penalty") != null) {
            asked.add("repetition_penalty");
        }
        return new SamplingFields(
                settings,
                asked,
                1,
                seed.isPresent() ? OptionalLong.of(seed.getAsInt()) : OptionalLong.empty(),
                SamplingFields.stops(options, "stop"),
                List.of());
    }

    private static OptionalInt thinking(Fields fields, Map<String, @Nullable Object> values) {
        JsonNode think = fields.get("think");
        if (think == null) {
            return OptionalInt.empty();
        }
        if (think.isString()) {
            values.put("reasoning_effort", think.stringValue());
            return OptionalInt.empty();
        }
        boolean wanted = fields.flag("think");
        values.put("enable_thinking", wanted);
        return wanted ? OptionalInt.empty() : OptionalInt.of(0);
    }

    private static ResponseFormat format(Fields fields) {
        JsonNode format = fields.get("format");
        if (format == null || format.isString() && format.stringValue().isEmpty()) {
            return new ResponseFormat.Text();
        }
        if (format.isString() && format.stringValue().equals("json")) {
            return new ResponseFormat.JsonObject();
        }
        if (!format.isObject()) {
            throw fields.wrong("format", "'json' or a JSON schema");
        }
        return new ResponseFormat.JsonSchema(format, "format");
    }

    private static Map<String, Object> message(Fields message) {
        String expected = "'system', 'user', 'assistant' or 'tool'";
        String role = message.text("role", expected);
        if (!ROLES.contains(role)) {
            throw message.wrong("role", expected);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("role", role);
        String content = message.optionalText("content", "a text");
        values.put("content", content == null ? "" : content);
        put(message, "thinking", "reasoning_content", values);
        put(message, "tool_name", "name", values);
        put(message, "tool_call_id", "tool_call_id", values);
        List<Object> calls = new ArrayList<>();
        List<JsonNode> listed = message.elements("tool_calls", "an array of calls");
        for (int i = 0; i < listed.size(); i++) {
            calls.add(call(object(message, listed.get(i), message.at("tool_calls[" + i + "]"), KNOWN_OF_CALL), i));
        }
        if (!calls.isEmpty()) {
            values.put("tool_calls", calls);
        }
        return values;
    }

    private static void put(Fields message, String from, String to, Map<String, Object> values) {
        String text = message.optionalText(from, "a text");
        if (text != null && !text.isEmpty()) {
            values.put(to, text);
        }
    }

    private static Map<String, Object> call(Fields call, int number) {
        Fields function = call.nested("function", KNOWN_OF_CALLED);
        if (function == null) {
            throw call.wrong("function", "an object with a name and arguments");
        }
        String id = call.optionalText("id", "a text");
        JsonNode arguments = function.get("arguments");
        return ToolMessages.call(
                id == null || id.isEmpty() ? String.format("call%05d", number) : id,
                function.text("name", "the name of a tool"),
                arguments == null ? "{}" : arguments.toString());
    }

    private static ToolUse tools(Fields fields) {
        List<Tool> tools = new ArrayList<>();
        List<JsonNode> listed = fields.elements("tools", "an array of tools");
        if (listed.size() > Tool.MOST) {
            throw fields.wrong("tools", "an array of at most " + Tool.MOST + " tools");
        }
        for (int i = 0; i < listed.size(); i++) {
            Fields tool = object(fields, listed.get(i), "tools[" + i + "]", KNOWN_OF_TOOL);
            Fields function = tool.nested("function", KNOWN_OF_FUNCTION);
            if (function == null) {
                throw tool.wrong("function", "an object with a name and parameters");
            }
            tools.add(Tool.of(
                    function.text("name", Tool.NAME_EXPECTED),
                    function.at("name"),
                    function.optionalText("description", "a text"),
                    function.get("parameters"),
                    function.at("parameters")));
        }
        return ToolUse.of(tools, new Choice.Auto(), true, "tools", "tools");
    }

    private static Fields object(Fields fields, JsonNode element, String where, Set<String> known) {
        if (!element.isObject()) {
            throw ApiException.invalid(
                    where, "'" + where + "' is " + Fields.shortened(element) + "; it must be an object");
        }
        return fields.element(element, where, known);
    }
}
