package io.shiftadd.inference.syntax;

import io.shiftadd.inference.grammar.rule.ChoiceRule;
import io.shiftadd.inference.grammar.rule.LiteralRule;
import io.shiftadd.inference.grammar.rule.ObjectRule;
import io.shiftadd.inference.grammar.rule.Rule;
import io.shiftadd.inference.grammar.rule.SequenceRule;
import io.shiftadd.inference.grammar.rule.SeriesRule;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.StringNode;

/**
 * How a model writes calls of tools. Each has texts that begin a call, and a rule for all calls of an answer, the first
 * one's beginning included.
 */
public enum ToolFormat {

    /** {@code <tool_call>{"name": …, "arguments": {…}}</tool_call>}, a pair for each call: Hermes, Qwen 2.5 and 3. */
    HERMES(List.of("<tool_call>"), List.of("<tool_call>", "</tool_call>"), false) {
        @Override
        public Rule calls(List<ToolRule> tools, boolean parallel) {
            Rule call = sequence(text("<tool_call>"), object(tools, "arguments"), text("</tool_call>"));
            return parallel ? new SeriesRule(call, call) : call;
        }
    },

    /** {@code [TOOL_CALLS][{"name": …, "arguments": {…}}, …]}: Mistral up to its tokenizer v3. */
    MISTRAL(List.of("[TOOL_CALLS]"), List.of("[TOOL_CALLS]"), false) {
        @Override
        public Rule calls(List<ToolRule> tools, boolean parallel) {
            return sequence(text("[TOOL_CALLS]"), text("["), listed(tools, parallel), text("]"));
        }
    },

    /** {@code [TOOL_CALLS]name[ARGS]{…}} for each call: Mistral since then. */
    MISTRAL_NAMED(List.of("[TOOL_CALLS]"), List.of("[TOOL_CALLS]", "[ARGS]", "[CALL_ID]"), false) {
        @Override
        public Rule calls(List<ToolRule> tools, boolean parallel) {
            List<Rule> options = new ArrayList<>();
            for (ToolRule tool : tools) {
                options.add(sequence(text("[TOOL_CALLS]"), text(tool.name()), text("[ARGS]"), tool.arguments()));
            }
            Rule call = choice(options);
            return parallel ? new SeriesRule(call, call) : call;
        }
    },

    /** The whole answer is {@code {"name": …, "parameters": {…}}}, maybe after a tag: Llama 3.1 to 3.3. */
    LLAMA(List.of("<|python_tag|>", "{\"name\""), List.of("<|python_tag|>"), true) {
        @Override
        public Rule calls(List<ToolRule> tools, boolean parallel) {
            Rule call = object(tools, "parameters");
            Rule calls = parallel ? new SeriesRule(call, sequence(text(";"), call)) : call;
            return choice(List.of(calls, sequence(text("<|python_tag|>"), calls)));
        }
    },

    /** {@code <|tool_call|>[{"name": …, "arguments": {…}}, …]<|/tool_call|>}, or {@code functools[…]}: Phi-4-mini. */
    PHI(List.of("<|tool_call|>", "functools["), List.of("<|tool_call|>", "<|/tool_call|>"), false) {
        @Override
        public Rule calls(List<ToolRule> tools, boolean parallel) {
            Rule list = sequence(listed(tools, parallel), text("]"));
            return choice(List.of(
                    sequence(text("<|tool_call|>"), text("["), list, text("<|/tool_call|>")),
                    sequence(text("functools["), list)));
        }
    };

    private final Triggers triggers;
    private final List<String> marks;

    ToolFormat(List<String> beginnings, List<String> marks, boolean onlyFirst) {
        this.triggers = new Triggers(beginnings, onlyFirst);
        this.marks = marks;
    }

    /** The format of a chat template that knows tools. */
    public static ToolFormat of(String template) {
        if (template.contains("[TOOL_CALLS]")) {
            return template.contains("[ARGS]") ? MISTRAL_NAMED : MISTRAL;
        }
        if (template.contains("<|python_tag|>") || template.contains("\"parameters\": dictionary")) {
            return LLAMA;
        }
        return template.contains("<|tool|>") || template.contains("<|tool_call|>") ? PHI : HERMES;
    }

    /** All calls of an answer; at least one. */
    public abstract Rule calls(List<ToolRule> tools, boolean parallel);

    /** What stands around calls, and may be special tokens. */
    public List<String> marks() {
        return marks;
    }

    Triggers triggers() {
        return triggers;
    }

    private static Rule listed(List<ToolRule> tools, boolean parallel) {
        Rule call = object(tools, "arguments");
        return parallel ? new SeriesRule(call, sequence(text(","), call)) : call;
    }

    private static Rule object(List<ToolRule> tools, String arguments) {
        List<Rule> options = new ArrayList<>();
        for (ToolRule tool : tools) {
            ObjectRule call = new ObjectRule(
                    List.of(
                            new ObjectRule.Property("\"name\"", text(quoted(tool.name())), true),
                            new ObjectRule.Property("\"" + arguments + "\"", tool.arguments(), true)),
                    List.of(),
                    0,
                    ObjectRule.UNLIMITED);
            call.settle();
            options.add(call);
        }
        return choice(options);
    }

    private static String quoted(String name) {
        return StringNode.valueOf(name).toString();
    }

    static Rule choice(List<Rule> options) {
        ChoiceRule choice = new ChoiceRule();
        choice.options(options);
        choice.settle();
        return choice;
    }

    private static Rule sequence(Rule... parts) {
        return new SequenceRule(List.of(parts));
    }

    private static Rule text(String text) {
        return new LiteralRule(List.of(text));
    }
}
