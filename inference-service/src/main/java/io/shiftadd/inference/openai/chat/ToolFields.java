package io.shiftadd.inference.openai.chat;

import io.shiftadd.inference.conversation.Tool;
import io.shiftadd.inference.conversation.ToolUse;
import io.shiftadd.inference.conversation.ToolUse.Choice;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.Fields;
import io.shiftadd.inference.openai.request.KnownFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads which tools a chat request has, and which it wants to be called. */
final class ToolFields {

    private static final Set<String> KNOWN = KnownFields.of(ToolBody.class);
    private static final Set<String> KNOWN_OF_FUNCTION = KnownFields.of(ToolBody.Function.class);
    private static final Set<String> KNOWN_OF_CHOICE = KnownFields.of(ToolBody.Choice.class);
    private static final Set<String> KNOWN_OF_NAME = KnownFields.of(ToolBody.Name.class);
    private static final Set<String> KNOWN_OF_ALLOWED = KnownFields.of(ToolBody.Allowed.class);
    private static final String CHOICES =
            "'none', 'auto', 'required', or an object of the type 'function' or 'allowed_tools'";

    private ToolFields() {}

    static ToolUse read(Fields fields) {
        List<Tool> tools = tools(fields);
        boolean parallel = !fields.has("parallel_tool_calls") || fields.flag("parallel_tool_calls");
        JsonNode choice = fields.get("tool_choice");
        if (choice == null || choice.isString()) {
            return use(tools, word(fields, "tool_choice", choice), parallel);
        }
        Fields chosen = fields.nested("tool_choice", KNOWN_OF_CHOICE);
        if (chosen == null) {
            throw fields.wrong("tool_choice", CHOICES);
        }
        return switch (chosen.text("type", CHOICES)) {
            case "function" -> use(tools, new Choice.Named(name(chosen, "function")), parallel);
            case "allowed_tools" -> allowed(chosen, tools, parallel);
            default -> use(tools, word(chosen, "type", chosen.get("type")), parallel);
        };
    }

    private static ToolUse use(List<Tool> tools, Choice choice, boolean parallel) {
        return ToolUse.of(tools, choice, parallel, "tools", "tool_choice");
    }

    private static Choice word(Fields fields, String name, @Nullable JsonNode choice) {
        return switch (choice == null ? "auto" : choice.stringValue()) {
            case "auto" -> new Choice.Auto();
            case "none" -> new Choice.None();
            case "required" -> new Choice.Required();
            default -> throw fields.wrong(name, CHOICES);
        };
    }

    private static String name(Fields fields, String field) {
        Fields function = fields.nested(field, KNOWN_OF_NAME);
        if (function == null) {
            throw fields.wrong(field, "an object with the name of a tool");
        }
        return function.text("name", "the name of a tool");
    }

    private static ToolUse allowed(Fields chosen, List<Tool> tools, boolean parallel) {
        Fields allowed = chosen.nested("allowed_tools", KNOWN_OF_ALLOWED);
        if (allowed == null) {
            throw chosen.wrong("allowed_tools", "an object with a mode and tools");
        }
        List<Tool> some = new ArrayList<>();
        List<JsonNode> listed = allowed.elements("tools", "an array of tools by name");
        for (int i = 0; i < listed.size(); i++) {
            Fields one = allowed.element(listed.get(i), allowed.at("tools[" + i + "]"), KNOWN);
            String name = name(one, "function");
            some.add(tools.stream()
                    .filter(tool -> tool.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> one.wrong("function", "one of 'tools'; there is none named '" + name + "'")));
        }
        String mode = allowed.text("mode", "'auto' or 'required'");
        return switch (mode) {
            case "auto" -> use(some, new Choice.Auto(), parallel);
            case "required" -> use(some, new Choice.Required(), parallel);
            default -> throw allowed.wrong("mode", "'auto' or 'required'");
        };
    }

    private static List<Tool> tools(Fields fields) {
        List<JsonNode> listed = fields.elements("tools", "an array of tools");
        if (listed.size() > Tool.MOST) {
            throw fields.wrong("tools", "an array of at most " + Tool.MOST + " tools");
        }
        List<Tool> tools = new ArrayList<>();
        for (int i = 0; i < listed.size(); i++) {
            String where = "tools[" + i + "]";
            if (!listed.get(i).isObject()) {
                throw ApiException.invalid(where, "'" + where + "' must be an object with a type and a function");
            }
            tools.add(tool(fields.element(listed.get(i), where, KNOWN)));
        }
        return tools;
    }

    private static Tool tool(Fields tool) {
        if (!tool.text("type", "'function'").equals("function")) {
            throw tool.wrong("type", "'function'; this server has no tools of its own");
        }
        Fields function = tool.nested("function", KNOWN_OF_FUNCTION);
        if (function == null) {
            throw tool.wrong("function", "an object with a name and parameters");
        }
        function.flag("strict");
        return Tool.of(
                function.text("name", Tool.NAME_EXPECTED),
                function.at("name"),
                function.optionalText("description", "a text"),
                function.get("parameters"),
                function.at("parameters"));
    }
}
