package io.shiftadd.tokenizer.jinja;

import io.shiftadd.tokenizer.jinja.Expression.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes expressions. One for each rendering. */
final class Evaluator {

    private final Budget budget;
    private final Members members;
    private final Filters filters;
    private final Tests tests;

    Evaluator(Budget budget) {
        this.budget = budget;
        this.members = new Members(budget);
        this.tests = new Tests(budget);
        this.filters = new Filters(budget, members, tests);
    }

    Budget budget() {
        return budget;
    }

    Object evaluate(Expression expression, Scope scope) {
        budget.enter();
        Object value = switch (expression) {
            case Expression.Constant constant -> constant.value();
            case Expression.Name name -> scope.get(name.name());
            case Expression.Sequence sequence -> sequence(sequence, scope);
            case Expression.Dictionary dictionary -> dictionary(dictionary, scope);
            case Expression.Attribute attribute ->
                members.attribute(evaluate(attribute.target(), scope), attribute.name());
            case Expression.Item item -> members.item(evaluate(item.target(), scope), evaluate(item.index(), scope));
            case Expression.Slice slice -> slice(slice, scope);
            case Expression.Call call -> call(call, scope, null);
            case Expression.Filter filter ->
                filters.apply(filter.name(), evaluate(filter.value(), scope), arguments(filter.parameters(), scope));
            case Expression.Test test ->
                tests.apply(test.name(), evaluate(test.value(), scope), arguments(test.parameters(), scope));
            default -> operation(expression, scope);
        };
        budget.leave();
        return value;
    }

    private Object operation(Expression expression, Scope scope) {
        return switch (expression) {
            case Expression.Not not -> !isTrue(not.value(), scope);
            case Expression.Sign sign -> Operators.signed(evaluate(sign.value(), scope), sign.isNegative());
            case Expression.And and -> {
                Object left = evaluate(and.left(), scope);
                yield Values.isTrue(left) ? evaluate(and.right(), scope) : left;
            }
            case Expression.Or or -> {
                Object left = evaluate(or.left(), scope);
                yield Values.isTrue(left) ? left : evaluate(or.right(), scope);
            }
            case Expression.Arithmetic arithmetic ->
                Operators.apply(
                        arithmetic.operator(),
                        evaluate(arithmetic.left(), scope),
                        evaluate(arithmetic.right(), scope),
                        budget);
            case Expression.Concatenation concatenation -> concatenation(concatenation, scope);
            case Expression.Comparison comparison -> comparison(comparison, scope);
            case Expression.Conditional conditional -> conditional(conditional, scope);
            default -> throw new IllegalStateException(expression.toString());
        };
    }

    boolean isTrue(Expression condition, Scope scope) {
        return Values.isTrue(evaluate(condition, scope));
    }

    String text(Expression expression, Scope scope) {
        String text = PythonFormat.str(evaluate(expression, scope), budget);
        budget.charge(text.length());
        return text;
    }

    private Object sequence(Expression.Sequence sequence, Scope scope) {
        List<Object> items = new ArrayList<>();
        for (Expression item : sequence.items()) {
            items.add(evaluate(item, scope));
        }
        return sequence.isTuple() ? new Tuple(items) : items;
    }

    private Object dictionary(Expression.Dictionary dictionary, Scope scope) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < dictionary.keys().size(); i++) {
            Object key = Values.key(evaluate(dictionary.keys().get(i), scope));
            map.put(key, evaluate(dictionary.values().get(i), scope));
        }
        return map;
    }

    private Object slice(Expression.Slice slice, Scope scope) {
        Object target = evaluate(slice.target(), scope);
        return members.slice(target, bound(slice.from(), scope), bound(slice.to(), scope), bound(slice.step(), scope));
    }

    private @Nullable Long bound(@Nullable Expression bound, Scope scope) {
        if (bound == null) {
            return null;
        }
        Object value = evaluate(bound, scope);
        return value == None.NONE ? null : (Long) Values.integer(value);
    }

    private Object concatenation(Expression.Concatenation concatenation, Scope scope) {
        StringBuilder text = new StringBuilder();
        for (Expression part : concatenation.parts()) {
            text.append(text(part, scope));
        }
        return text.toString();
    }

    private Object comparison(Expression.Comparison comparison, Scope scope) {
        Object left = evaluate(comparison.first(), scope);
        for (Expression.Operand operand : comparison.operands()) {
            Object right = evaluate(operand.value(), scope);
            if (!Operators.compare(operand.operator(), left, right, budget)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Object conditional(Expression.Conditional conditional, Scope scope) {
        if (isTrue(conditional.condition(), scope)) {
            return evaluate(conditional.value(), scope);
        }
        Expression otherwise = conditional.otherwise();
        return otherwise == null
                ? new Undefined("the condition is false and there is no 'else'")
                : evaluate(otherwise, scope);
    }

    /**
     * @param caller what a call block hands over
     */
    Object call(Expression.Call call, Scope scope, @Nullable Callable caller) {
        Object function = evaluate(call.function(), scope);
        Arguments arguments = arguments(call.parameters(), scope);
        if (caller != null) {
            Map<String, Object> named = new LinkedHashMap<>(arguments.named());
            named.put("caller", caller);
            arguments = new Arguments(arguments.values(), named);
        }
        return switch (function) {
            case Callable callable -> callable.call(arguments);
            case Loop loop -> loop.recurse(arguments);
            case Undefined nothing -> throw nothing.failure();
            default -> throw new JinjaException(Values.typeName(function) + " cannot be called");
        };
    }

    private Arguments arguments(Parameters parameters, Scope scope) {
        if (parameters == Parameters.NONE) {
            return Arguments.NONE;
        }
        List<Object> values = new ArrayList<>();
        for (Expression value : parameters.values()) {
            values.add(evaluate(value, scope));
        }
        Map<String, Object> named = new LinkedHashMap<>();
        parameters.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
        Expression more = parameters.more();
        if (more != null) {
            values.addAll(Values.items(evaluate(more, scope), budget));
        }
        Expression moreNamed = parameters.moreNamed();
        if (moreNamed != null) {
            if (!(evaluate(moreNamed, scope) instanceof Map<?, ?> map)) {
                throw new JinjaException("'**' needs a map");
            }
            budget.charge(map.size());
            map.forEach((name, value) -> named.put(String.valueOf(name), value));
        }
        return new Arguments(values, named);
    }
}
