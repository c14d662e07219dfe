package io.shiftadd.inference.openai.responses;

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

/** Reads which tools a request has, and which it wants to be called. */
final class ResponseTools {

    private static final Set<String> KNOWN = KnownFields.of(ResponsesBody.ToolBody.class);
    private static final Set<String> KNOWN_OF_CHOICE = KnownFields.of(ResponsesBody.ChoiceBody.class);
    private static final Set<String> KNOWN_OF_NAMED = KnownFields.of(ResponsesBody.NamedBody.class);
    private static final String CHOICES =
            "'none', 'auto', 'required', or an object of the type 'function' or 'allowed_tools'";

    private ResponseTools() {}

    static ToolUse read(Fields fields) {
        List<JsonNode> listed = fields.elements("tools", "an array of tools");
        if (listed.size() > Tool.MOST) {
            throw fields.wrong("tools", "an array of at most " + Tool.MOST + " tools");
        }
        List<Tool> tools = new ArrayList<>();
        for (int i = 0; i < listed.size(); i++) {
            String where = "tools[" + i + "]";
            if (!listed.get(i).isObject()) {
                throw ApiException.invalid(where, "'" + where + "' must be an object with a type and a name");
            }
            tools.add(tool(fields.element(listed.get(i), where, KNOWN)));
        }
        boolean parallel = !fields.has("parallel_tool_calls") || fields.flag("parallel_tool_calls");
        JsonNode choice = fields.get("tool_choice");
        if (choice == null || choice.isString()) {
            return use(tools, word(fields, "tool_choice"), parallel);
        }
        Fields chosen = fields.nested("tool_choice", KNOWN_OF_CHOICE);
        if (chosen == null) {
            throw fields.wrong("tool_choice", CHOICES);
        }
        return switch (chosen.text("type", CHOICES)) {
            case "function" -> use(tools, new Choice.Named(chosen.text("name", "the name of a tool")), parallel);
            case "allowed_tools" -> use(allowed(chosen, tools), word(chosen, "mode"), parallel);
            default -> throw chosen.wrong("type", "'function' or 'allowed_tools'");
        };
    }

    private static ToolUse use(List<Tool> tools, Choice choice, boolean parallel) {
        return ToolUse.of(tools, choice, parallel, "tools", "tool_choice");
    }

    private static Choice word(Fields fields, String name) {
        @Nullable String word = fields.optionalText(name, CHOICES);
        return switch (word == null ? "auto" : word) {
            case "auto" -> new Choice.Auto();
            case "none" -> new Choice.None();
            case "required" -> new Choice.Required();
            default -> throw fields.wrong(name, CHOICES);
        };
    }

    private static List<Tool> allowed(Fields chosen, List<Tool> tools) {
        List<Tool> some = new ArrayList<>();
        List<JsonNode> listed = chosen.elements("tools", "an array of tools by name");
        for (int i = 0; i < listed.size(); i++) {
            Fields one = chosen.element(listed.get(i), chosen.at("tools[" + i + "]"), KNOWN_OF_NAMED);
            String name = one.text("name", "the name of a tool");
            some.add(tools.stream()
                    .filter(tool -> tool.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> one.wrong("name", "the name of one of 'tools'")));
        }
        return some;
    }

    private static Tool tool(Fields tool) {
        if (!tool.text("type", "'function'").equals("function")) {
            throw tool.wrong("type", "'function'; this server has no tools of its own");
        }
        tool.flag("strict");
        return Tool.of(
                tool.text("name", Tool.NAME_EXPECTED),
                tool.at("name"),
                tool.optionalText("description", "a text"),
                tool.get("parameters"),
                tool.at("parameters"));
    }
}
