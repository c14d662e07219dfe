package io.shiftadd.inference.conversation;

import io.shiftadd.inference.openai.error.ApiException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which tools there are, and whether they may or must be called.
 *
 * @param parallel whether one answer may have several calls
 */
public record ToolUse(List<Tool> tools, Choice choice, boolean parallel) {

    public static final ToolUse NONE = new ToolUse(List.of(), new Choice.None(), true);

    /** What the client wants of the tools. */
    public sealed interface Choice {

        /** The model decides. */
        record Auto() implements Choice {}

        /** No call. */
        record None() implements Choice {}

        /** At least one call, of any tool. */
        record Required() implements Choice {}

        /** A call of this one. */
        record Named(String name) implements Choice {}
    }

    public ToolUse {
        tools = List.copyOf(tools);
    }

    /**
     * @param toolsWhere where the request has the tools, e.g. {@code tools}
     * @param choiceWhere where it has the choice
     * @throws ApiException when they do not go together
     */
    public static ToolUse of(List<Tool> tools, Choice choice, boolean parallel, String toolsWhere, String choiceWhere) {
        Set<String> names = new HashSet<>();
        for (Tool tool : tools) {
            if (!names.add(tool.name())) {
                throw ApiException.invalid(
                        toolsWhere, "'" + toolsWhere + "' has two tools named '" + tool.name() + "'; names are unique");
            }
        }
        boolean forced = !(choice instanceof Choice.Auto || choice instanceof Choice.None);
        if (forced && tools.isEmpty()) {
            throw ApiException.invalid(
                    choiceWhere, "'" + choiceWhere + "' asks for a call, and there is no tool in '" + toolsWhere + "'");
        }
        if (choice instanceof Choice.Named(String name) && !names.contains(name)) {
            throw ApiException.invalid(
                    choiceWhere,
                    "'" + choiceWhere + "' names the tool '" + name + "', which '" + toolsWhere + "' does not have");
        }
        return new ToolUse(tools, choice, parallel);
    }

    /** Whether a call may come of it. */
    boolean callable() {
        return !tools.isEmpty() && !(choice instanceof Choice.None);
    }

    boolean forced() {
        return callable() && !(choice instanceof Choice.Auto);
    }

    /** Those that may be called. */
    List<Tool> offered() {
        return choice instanceof Choice.Named(String name)
                ? tools.stream().filter(tool -> tool.name().equals(name)).toList()
                : tools;
    }

    Set<String> names() {
        return offered().stream().map(Tool::name).collect(Collectors.toUnmodifiableSet());
    }
}
