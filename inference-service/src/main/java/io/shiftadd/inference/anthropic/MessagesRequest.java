package io.shiftadd.inference.anthropic;

import io.shiftadd.inference.anthropic.MessagesBody.ChoiceBody;
import io.shiftadd.inference.anthropic.MessagesBody.ThinkingBody;
import io.shiftadd.inference.anthropic.MessagesBody.ToolBody;
import io.shiftadd.inference.conversation.Ask;
import io.shiftadd.inference.conversation.Tool;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A request to {@code POST /v1/messages}, everything checked that can be without the model. */
record MessagesRequest(Ask ask, boolean stream) {

    private static final int MAX_MESSAGES = 4_096;
    private static final Set<String> KNOWN = KnownFields.of(MessagesBody.class);
    private static final Set<String> KNOWN_OF_MESSAGE = KnownFields.of(MessagesBody.Message.class);
    private static final Set<String> KNOWN_OF_TOOL = KnownFields.of(ToolBody.class);

    /** @param counting whether only tokens are counted: then none need to be asked for */
    static MessagesRequest read(JsonNode body, IgnoredFields ignored, boolean counting) {
        Fields fields = new Fields(body, "", KNOWN, ignored);
        String model = fields.text("model", "the name of a model");
        OptionalInt maxTokens = fields.count("max_tokens", 1, Integer.MAX_VALUE);
        if (maxTokens.isEmpty() && !counting) {
            throw fields.wrong("max_tokens", "a whole number of at least 1");
        }
        SamplingSettings settings = new SamplingSettings(
                fields.number("temperature", 0, 2).orElse(1),
                fields.number("top_p", 0, 1).orElse(1),
                fields.count("top_k", 0, Integer.MAX_VALUE).orElse(0),
                0,
                1,
                0,
                0,
                Map.of());
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        OptionalInt budget = thinking(fields.nested("thinking", KnownFields.of(ThinkingBody.class)), values);
        Ask ask = new Ask(
                model,
                messages(fields),
                tools(fields),
                values,
                new SamplingFields(
                        settings,
                        SamplingFields.asked(fields),
                        1,
                        OptionalLong.empty(),
                        SamplingFields.stops(fields, "stop_sequences"),
                        List.of()),
                OptionalInt.empty(),
                maxTokens,
                "max_tokens",
                budget,
                new ResponseFormat.Text());
        return new MessagesRequest(ask, fields.flag("stream"));
    }

    private static OptionalInt thinking(@Nullable Fields thinking, Map<String, @Nullable Object> values) {
        if (thinking == null) {
            return OptionalInt.empty();
        }
        String expected = "'enabled', 'disabled' or 'adaptive'";
        OptionalInt budget = thinking.count("budget_tokens", 0, Integer.MAX_VALUE);
        return switch (thinking.text("type", expected)) {
            case "disabled" -> {
                values.put("enable_thinking", false);
                yield OptionalInt.of(0);
            }
            case "enabled" -> {
                values.put("enable_thinking", true);
                yield budget;
            }
            case "adaptive" -> budget;
            default -> throw thinking.wrong("type", expected);
        };
    }

    private static List<Map<String, Object>> messages(Fields fields) {
        String expected = "an array of 1 to " + MAX_MESSAGES + " messages";
        List<JsonNode> listed = fields.elements("messages", expected);
        if (listed.isEmpty() || listed.size() > MAX_MESSAGES) {
            throw fields.wrong("messages", expected);
        }
        List<Map<String, Object>> messages = new ArrayList<>();
        String system = MessageBlocks.texts(fields, "system", "a text, or an array of blocks of the type 'text'");
        if (!system.isEmpty()) {
            messages.add(Map.of("role", "system", "content", system));
        }
        for (int i = 0; i < listed.size(); i++) {
            String where = "messages[" + i + "]";
            if (!listed.get(i).isObject()) {
                throw ApiException.invalid(where, "'" + where + "' must be an object with a role and a content");
            }
            messages.addAll(MessageBlocks.read(fields.element(listed.get(i), where, KNOWN_OF_MESSAGE)));
        }
        return messages;
    }

    private static ToolUse tools(Fields fields) {
        List<JsonNode> listed = fields.elements("tools", "an array of tools");
        if (listed.size() > Tool.MOST) {
            throw fields.wrong("tools", "an array of at most " + Tool.MOST + " tools");
        }
        List<Tool> tools = new ArrayList<>();
        for (int i = 0; i < listed.size(); i++) {
            String where = "tools[" + i + "]";
            if (!listed.get(i).isObject()) {
                throw ApiException.invalid(where, "'" + where + "' must be an object with a name and an input_schema");
            }
            tools.add(tool(fields.element(listed.get(i), where, KNOWN_OF_TOOL)));
        }
        Fields choice = fields.nested("tool_choice", KnownFields.of(ChoiceBody.class));
        boolean parallel = choice == null || !choice.flag("disable_parallel_tool_use");
        return ToolUse.of(tools, choice(choice), parallel, "tools", "tool_choice");
    }

    private static Tool tool(Fields tool) {
        String type = tool.optionalText("type", "'custom'");
        if (type != null && !type.equals("custom")) {
            throw tool.wrong("type", "'custom'; this server has no tools of its own");
        }
        tool.flag("strict");
        return Tool.of(
                tool.text("name", Tool.NAME_EXPECTED),
                tool.at("name"),
                tool.optionalText("description", "a text"),
                tool.get("input_schema"),
                tool.at("input_schema"));
    }

    private static Choice choice(@Nullable Fields choice) {
        if (choice == null) {
            return new Choice.Auto();
        }
        String expected = "'auto', 'any', 'tool' or 'none'";
        return switch (choice.text("type", expected)) {
            case "auto" -> new Choice.Auto();
            case "any" -> new Choice.Required();
            case "none" -> new Choice.None();
            case "tool" -> new Choice.Named(choice.text("name", "the name of a tool"));
            default -> throw choice.wrong("type", expected);
        };
    }
}
