package io.shiftadd.tokenizer.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a template does. Lines are those of the source, from 1. */
sealed interface Statement {

    int line();

    record Text(int line, String text) implements Statement {}

    record Output(int line, Expression value) implements Statement {}

    record If(int line, List<Branch> branches, List<Statement> otherwise) implements Statement {}

    record Branch(Expression condition, List<Statement> body) {}

    record For(
            int line,
            Target target,
            Expression values,
            @Nullable Expression condition,
            boolean isRecursive,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    record Assign(int line, Target target, Expression value) implements Statement {}

    /** {@code {% set a %}…{% endset %}}; the value reads {@link Scope#BODY}. */
    record Capture(int line, Target target, Expression value, List<Statement> body) implements Statement {}

    record With(int line, List<Target> targets, List<Expression> values, List<Statement> body) implements Statement {}

    record MacroDefinition(int line, Signature signature, List<Statement> body) implements Statement {}

    record CallBlock(int line, Expression.Call call, Signature caller, List<Statement> body) implements Statement {}

    /** {@code {% filter upper %}…}; the value reads {@link Scope#BODY}. */
    record FilterBlock(int line, Expression value, List<Statement> body) implements Statement {}

    /** What the model is to learn, for those who train it. */
    record Generation(int line, List<Statement> body) implements Statement {}

    /** A part with a name; templates that would replace it are not there. */
    record Block(int line, List<Statement> body) implements Statement {}

    /** A part in which what is printed is written for HTML, when the condition holds. */
    record Autoescape(int line, Expression condition, List<Statement> body) implements Statement {}

    record Jump(int line, Flow flow) implements Statement {}

    /** How a statement ended. */
    enum Flow {
        NEXT,
        CONTINUE,
        BREAK
    }

    /** What is assigned to. */
    sealed interface Target {}

    record Variable(String name) implements Target {}

    record Member(String namespace, String name) implements Target {}

    record Several(List<Target> targets) implements Target {}

    /**
     * @param defaults of the last parameters
     */
    record Signature(String name, List<String> parameters, List<Expression> defaults) {}
}
