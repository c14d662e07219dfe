package io.shiftadd.tokenizer.jinja;

import io.shiftadd.tokenizer.jinja.Statement.Branch;
import io.shiftadd.tokenizer.jinja.Statement.Flow;
import io.shiftadd.tokenizer.jinja.Statement.Target;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Runs statements. One for each rendering. */
final class Renderer {

    /** Filters whose text is for HTML as it is. */
    private static final Set<String> SAFE = Set.of("safe", "e", "escape", "forceescape", "xmlattr");

    private final Evaluator evaluator;
    private final Budget budget;
    private int line;
    private boolean escapes;

    Renderer(Evaluator evaluator) {
        this.evaluator = evaluator;
        this.budget = evaluator.budget();
    }

    /** The line of the statement that ran last. */
    int line() {
        return line;
    }

    Flow run(List<Statement> statements, Scope scope, StringBuilder out) {
        for (Statement statement : statements) {
            line = statement.line();
            budget.enter();
            Flow flow = run(statement, scope, out);
            budget.leave();
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    private Flow run(Statement statement, Scope scope, StringBuilder out) {
        switch (statement) {
            case Statement.Text text -> append(out, text.text());
            case Statement.Output output -> append(out, printed(output.value(), scope));
            case Statement.Assign assign -> assign(assign.target(), evaluator.evaluate(assign.value(), scope), scope);
            case Statement.Capture capture ->
                assign(capture.target(), filtered(capture.value(), capture.body(), scope), scope);
            case Statement.FilterBlock block ->
                append(out, PythonFormat.str(filtered(block.value(), block.body(), scope), budget));
            case Statement.MacroDefinition macro ->
                scope.set(macro.signature().name(), new Macro(macro.signature(), macro.body(), scope, this, evaluator));
            case Statement.CallBlock block -> {
                Macro caller = new Macro(block.caller(), block.body(), scope, this, evaluator);
                append(out, PythonFormat.str(evaluator.call(block.call(), scope, caller), budget));
            }
            case Statement.If branches -> {
                return conditional(branches, scope, out);
            }
            case Statement.For loop -> loop(loop, scope, out);
            case Statement.With with -> {
                Scope inner = scope.inner();
                for (int i = 0; i < with.targets().size(); i++) {
                    assign(
                            with.targets().get(i),
                            evaluator.evaluate(with.values().get(i), scope),
                            inner);
                }
                return run(with.body(), inner, out);
            }
            case Statement.Generation generation -> {
                return run(generation.body(), scope.inner(), out);
            }
            case Statement.Block block -> {
                return run(block.body(), scope.inner(), out);
            }
            case Statement.Autoescape autoescape -> {
                boolean outer = escapes;
                escapes = evaluator.isTrue(autoescape.condition(), scope);
                Flow flow = run(autoescape.body(), scope.inner(), out);
                escapes = outer;
                return flow;
            }
            case Statement.Jump jump -> {
                return jump.flow();
            }
        }
        return Flow.NEXT;
    }

    private String printed(Expression value, Scope scope) {
        String text = evaluator.text(value, scope);
        boolean isSafe = value instanceof Expression.Filter filter && SAFE.contains(filter.name());
        if (!escapes || isSafe) {
            return text;
        }
        budget.charge(5L * text.length());
        return TextFilters.escape(text);
    }

    private void append(StringBuilder out, String text) {
        budget.charge(text.length());
        out.append(text);
    }

    private Object filtered(Expression value, List<Statement> body, Scope scope) {
        StringBuilder text = new StringBuilder();
        Scope inner = scope.inner();
        run(body, inner, text);
        inner.set(Scope.BODY.name(), text.toString());
        return evaluator.evaluate(value, inner);
    }

    private Flow conditional(Statement.If branches, Scope scope, StringBuilder out) {
        for (Branch branch : branches.branches()) {
            if (evaluator.isTrue(branch.condition(), scope)) {
                return run(branch.body(), scope, out);
            }
        }
        return run(branches.otherwise(), scope, out);
    }

    private void loop(Statement.For loop, Scope scope, StringBuilder out) {
        loop(loop, evaluator.evaluate(loop.values(), scope), scope, 0, out);
    }

    private void loop(Statement.For statement, Object values, Scope scope, int depth, StringBuilder out) {
        Callable recursion = arguments -> {
            StringBuilder text = new StringBuilder();
            loop(statement, arguments.positional(1, 1).getFirst(), scope, depth + 1, text);
            return text.toString();
        };
        Iterator<Object> items = Values.items(values, budget).iterator();
        Iterator<Object> chosen = statement.condition() == null ? items : new Chosen(statement, items, scope);
        Loop loop = new Loop(chosen, depth, statement.isRecursive() ? recursion : null, budget);
        boolean hasRun = false;
        while (loop.hasNext()) {
            hasRun = true;
            budget.charge(8);
            Scope inner = scope.inner();
            assign(statement.target(), loop.next(), inner);
            inner.set("loop", loop);
            if (run(statement.body(), inner, out) == Flow.BREAK) {
                break;
            }
        }
        if (!hasRun) {
            run(statement.otherwise(), scope.inner(), out);
        }
    }

    /** The items that the loop's condition lets through, asked one at a time. */
    private final class Chosen implements Iterator<Object> {

        private final Statement.For loop;
        private final Iterator<Object> items;
        private final Scope scope;
        private Object next = None.NONE;
        private boolean isKnown;

        Chosen(Statement.For loop, Iterator<Object> items, Scope scope) {
            this.loop = loop;
            this.items = items;
            this.scope = scope;
        }

        @Override
        public boolean hasNext() {
            while (!isKnown && items.hasNext()) {
                next = items.next();
                Scope inner = scope.inner();
                assign(loop.target(), next, inner);
                Expression condition = loop.condition();
                isKnown = condition == null || evaluator.isTrue(condition, inner);
            }
            return isKnown;
        }

        @Override
        public Object next() {
            if (!hasNext()) {
                throw new java.util.NoSuchElementException();
            }
            isKnown = false;
            return next;
        }
    }

    void assign(Target target, Object value, Scope scope) {
        switch (target) {
            case Statement.Variable variable -> scope.set(variable.name(), value);
            case Statement.Member member -> {
                if (!(scope.get(member.namespace()) instanceof Namespace namespace)) {
                    throw new JinjaException(
                            "'" + member.namespace() + "' is no namespace, its '" + member.name() + "' cannot be set");
                }
                namespace.set(member.name(), value);
            }
            case Statement.Several several -> {
                List<Object> values = Values.items(value, budget);
                if (values.size() != several.targets().size()) {
                    throw new JinjaException(several.targets().size() + " names for " + values.size() + " values");
                }
                for (int i = 0; i < values.size(); i++) {
                    assign(several.targets().get(i), values.get(i), scope);
                }
            }
        }
    }
}
