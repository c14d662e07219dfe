package io.shiftadd.inference.syntax;

import static io.shiftadd.inference.syntax.CallRules.around;
import static io.shiftadd.inference.syntax.CallRules.choice;
import static io.shiftadd.inference.syntax.CallRules.object;
import static io.shiftadd.inference.syntax.CallRules.python;
import static io.shiftadd.inference.syntax.CallRules.sequence;
import static io.shiftadd.inference.syntax.CallRules.series;
import static io.shiftadd.inference.syntax.CallRules.text;

import io.shiftadd.inference.grammar.rule.Rule;
import io.shiftadd.inference.grammar.rule.SequenceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a model writes calls of tools. Each has texts that begin a call, and a rule for all calls of an answer, the first
 * one's beginning included.
 */
public enum ToolFormat {

    /** {@code <tool_call>{"name": …, "arguments": {…}}</tool_call>}, a pair for each call: Hermes, Qwen 2.5 and 3. */
    HERMES(List.of("<tool_call>"), List.of("<tool_call>", "</tool_call>"), false) {
        @Override
        public Rule calls(List<ToolRule> tools, boolean parallel) {
            return series(
                    sequence(text("<tool_call>"), object(tools, "arguments"), text("</tool_call>")), "", parallel);
        }
    },

    /** {@code [TOOL_CALLS][{"name": …, "arguments": {…}}, …]}: Mistral up to its tokenizer v3. */
    MISTRAL(List.of("[TOOL_CALLS]"), List.of("[TOOL_CALLS]"), false) {
        @Override
        public Rule calls(List<ToolRule> tools, boolean parallel) {
            return sequence(
                    text("[TOOL_CALLS]"), text("["), series(object(tools, "arguments"), ",", parallel), text("]"));
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
            return series(choice(options), "", parallel);
        }
    },

    /** The whole answer is {@code {"name": …, "parameters": {…}}}, maybe after a tag: Llama 3.1 to 3.3. */
    LLAMA(List.of("<|python_tag|>", "{ \"name\""), List.of("<|python_tag|>"), true) {
        @Override
        public Rule calls(List<ToolRule> tools, boolean parallel) {
            Rule calls = series(object(tools, "parameters"), ";", parallel);
            return choice(List.of(calls, sequence(text("<|python_tag|>"), calls)));
        }
    },

    /** {@code <|tool_call|>[{"name": …, "arguments": {…}}, …]<|/tool_call|>}, or {@code functools[…]}: Phi-4-mini. */
    PHI(List.of("<|tool_call|>", "functools["), List.of("<|tool_call|>", "<|/tool_call|>"), false) {
        @Override
        public Rule calls(List<ToolRule> tools, boolean parallel) {
            Rule list = sequence(series(object(tools, "arguments"), ",", parallel), text("]"));
            return choice(List.of(
                    sequence(text("<|tool_call|>"), text("["), list, text("<|/tool_call|>")),
                    sequence(text("functools["), list)));
        }
    },

    /** The whole answer is an object as of {@link #LLAMA}, its arguments under either name, maybe fenced: Gemma. */
    JSON_OBJECT(CallRules.fenced("{ \"name\""), List.of(), true) {
        @Override
        public Rule calls(List<ToolRule> tools, boolean parallel) {
            Rule call = choice(List.of(object(tools, "parameters"), object(tools, "arguments")));
            return around(series(call, "", parallel));
        }
    },

    /** A fence of {@code tool_code} with {@code name(city="Paris")}, or {@code print(name(…))}, in lines: Gemma. */
    PYTHON_BLOCK(List.of("```tool_code"), List.of(), false) {
        @Override
        public Rule calls(List<ToolRule> tools, boolean parallel) {
            Rule call = python(tools);
            Rule printed = SequenceRule.tight(List.of(text("print("), call, text(")")));
            // A line of its own, so that the name of the first call is not the fence's.
            return sequence(text("```tool_code\n"), series(choice(List.of(call, printed)), "", parallel), text("```"));
        }
    },

    /** The whole answer is {@code [name(city="Paris"), …]}, maybe fenced: Gemma 3 and Llama 3.2 with such templates. */
    PYTHON_LIST(List.of(), List.of(), true) {
        @Override
        public Rule calls(List<ToolRule> tools, boolean parallel) {
            return around(sequence(text("["), series(python(tools), ",", parallel), text("]")));
        }

        @Override
        Triggers triggers(Set<String> names) {
            List<String> all = new ArrayList<>();
            names.forEach(name -> all.addAll(CallRules.fenced("[ " + name + "(")));
            return new Triggers(all, true);
        }
    };

    /** What templates say, or write, of calls like {@code [f(a=1)]}. */
    private static final Pattern CALL =
            Pattern.compile("\\[\\w+\\(\\w+ *=|\\bname\\b['\")\\]]*\\s*(?:[+~]\\s*['\"]|-?}})\\(");

    /** What templates say, or write, of calls that are objects. */
    private static final Pattern OBJECT = Pattern.compile(
            "['\"]name\\\\?['\"]\\s*:[^{}]{1,60}['\"](?:parameters|arguments)\\\\?['\"]\\s*:(?!\\s*\\{\\s*['\"]type)");

    private final List<String> beginnings;
    private final List<String> marks;
    private final boolean onlyFirst;

    ToolFormat(List<String> beginnings, List<String> marks, boolean onlyFirst) {
        this.beginnings = beginnings;
        this.marks = marks;
        this.onlyFirst = onlyFirst;
    }

    /** The format of a chat template that knows tools. */
    public static ToolFormat of(String template) {
        if (template.contains("[TOOL_CALLS]")) {
            return template.contains("[ARGS]") ? MISTRAL_NAMED : MISTRAL;
        }
        if (template.contains("<|python_tag|>")) {
            return LLAMA;
        }
        if (template.contains("<tool_call>")) {
            return HERMES;
        }
        if (template.contains("<|tool|>") || template.contains("<|tool_call|>")) {
            return PHI;
        }
        boolean object = OBJECT.matcher(template).find();
        if (template.contains("tool_code") && !object) {
            return PYTHON_BLOCK;
        }
        if (CALL.matcher(template).find()) {
            return PYTHON_LIST;
        }
        boolean llama = template.contains("\"parameters\": dictionary") && !template.contains("<start_of_turn>");
        return !object ? HERMES : llama ? LLAMA : JSON_OBJECT;
    }

    /** All calls of an answer; at least one. */
    public abstract Rule calls(List<ToolRule> tools, boolean parallel);

    /** What stands around calls, and may be special tokens. */
    public List<String> marks() {
        return marks;
    }

    /** Whether arguments are written as Python has them. */
    public boolean isPython() {
        return this == PYTHON_BLOCK || this == PYTHON_LIST;
    }

    /** @param names of the tools that may be called */
    Triggers triggers(Set<String> names) {
        return new Triggers(beginnings, onlyFirst);
    }
}
