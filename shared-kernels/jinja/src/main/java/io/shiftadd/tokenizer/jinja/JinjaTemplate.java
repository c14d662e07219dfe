package io.shiftadd.tokenizer.jinja;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A template in the dialect that transformers uses for chat templates: Jinja with {@code trim_blocks} and {@code
 * lstrip_blocks}, loop controls and {@code generation}, {@code raise_exception}, {@code strftime_now}, {@code tojson}
 * as Python writes JSON, and the methods of Python's strings and dictionaries. Thread-safe.
 */
public final class JinjaTemplate {

    /** Real ones have up to 20 kB. */
    private static final int MAX_SOURCE_LENGTH = 256 * 1024;

    private final List<Statement> statements;

    /**
     * @throws JinjaException when it is no template, or longer than any real one
     */
    public JinjaTemplate(String source) {
        if (source.length() > MAX_SOURCE_LENGTH) {
            throw new JinjaException(
                    "the template has " + source.length() + " characters; the limit is " + MAX_SOURCE_LENGTH);
        }
        this.statements = StatementParser.parse(source);
    }

    /**
     * @param variables strings, numbers, booleans, nulls, and lists and maps of them
     * @throws JinjaException when the template fails in any way
     */
    public String render(Map<String, ? extends @Nullable Object> variables) {
        return render(variables, Clock.systemDefaultZone());
    }

    String render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
        Map<String, Object> values = new HashMap<>();
        variables.forEach((name, value) -> values.put(name, Values.of(value)));
        Budget budget =
                new Budget(values.values().stream().mapToLong(Values::size).sum());
        Map<String, Object> globals = Globals.of(clock, budget);
        globals.putAll(values);
        Renderer renderer = new Renderer(new Evaluator(budget));
        StringBuilder out = new StringBuilder();
        try {
            renderer.run(statements, Scope.global(globals), out);
        } catch (JinjaException e) {
            throw e.inLine(renderer.line());
        }
        return out.toString();
    }
}
