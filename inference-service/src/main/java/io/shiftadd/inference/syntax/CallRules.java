package io.shiftadd.inference.syntax;

import io.shiftadd.inference.grammar.rule.ChoiceRule;
import io.shiftadd.inference.grammar.rule.LiteralRule;
import io.shiftadd.inference.grammar.rule.ObjectRule;
import io.shiftadd.inference.grammar.rule.PythonRule;
import io.shiftadd.inference.grammar.rule.Rule;
import io.shiftadd.inference.grammar.rule.SequenceRule;
import io.shiftadd.inference.grammar.rule.SeriesRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.StringNode;

/** What the formats of calls are put together from. */
final class CallRules {

    private static final String FENCE = "```";
    /** Languages that Gemma names after a fence around calls. */
    private static final List<String> FENCES = List.of("```json", "```tool_code", "```tool_call", "```python");

    private CallRules() {}

    /** A beginning, as it stands and in each fence. */
    static List<String> fenced(String beginning) {
        return Stream.concat(Stream.of(beginning), FENCES.stream().map(fence -> fence + " " + beginning))
                .toList();
    }

    /** What stands alone, or in a fence. */
    static Rule around(Rule calls) {
        List<Rule> options = new ArrayList<>(List.of(calls));
        FENCES.forEach(fence -> options.add(sequence(text(fence), calls, text(FENCE))));
        return choice(options);
    }

    /** One call, or several where they may be. */
    static Rule series(Rule call, String between, boolean parallel) {
        if (!parallel) {
            return call;
        }
        return new SeriesRule(call, between.isEmpty() ? call : sequence(text(between), call));
    }

    /** @param arguments name of the member that has them */
    static Rule object(List<ToolRule> tools, String arguments) {
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

    /** {@code name(a=1)}. */
    static Rule python(List<ToolRule> tools) {
        List<Rule> options = new ArrayList<>();
        for (ToolRule tool : tools) {
            Rule arguments = new PythonRule(tool.arguments(), tool.identifiers());
            options.add(SequenceRule.tight(List.of(text(tool.name()), arguments)));
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

    static Rule sequence(Rule... parts) {
        return new SequenceRule(List.of(parts));
    }

    static Rule text(String text) {
        return new LiteralRule(List.of(text));
    }
}
