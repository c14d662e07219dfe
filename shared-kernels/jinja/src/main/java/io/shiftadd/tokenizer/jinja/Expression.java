package io.shiftadd.tokenizer.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a template computes. */
sealed interface Expression {

    record Constant(Object value) implements Expression {}

    record Name(String name) implements Expression {}

    record Sequence(List<Expression> items, boolean isTuple) implements Expression {}

    record Dictionary(List<Expression> keys, List<Expression> values) implements Expression {}

    record Attribute(Expression target, String name) implements Expression {}

    record Item(Expression target, Expression index) implements Expression {}

    record Slice(
            Expression target,
            @Nullable Expression from,
            @Nullable Expression to,
            @Nullable Expression step) implements Expression {}

    record Call(Expression function, Parameters parameters) implements Expression {}

    record Filter(Expression value, String name, Parameters parameters) implements Expression {}

    record Test(Expression value, String name, Parameters parameters) implements Expression {}

    record Not(Expression value) implements Expression {}

    record Sign(Expression value, boolean isNegative) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Arithmetic(String operator, Expression left, Expression right) implements Expression {}

    record Concatenation(List<Expression> parts) implements Expression {}

    /** {@code a < b <= c}. */
    record Comparison(Expression first, List<Operand> operands) implements Expression {}

    record Operand(String operator, Expression value) {}

    record Conditional(
            Expression condition,
            Expression value,
            @Nullable Expression otherwise) implements Expression {}

    /** Of a call, with {@code *more} and {@code **moreNamed}. */
    record Parameters(
            List<Expression> values,
            Map<String, Expression> named,
            @Nullable Expression more,
            @Nullable Expression moreNamed) {

        static final Parameters NONE = new Parameters(List.of(), Map.of(), null, null);
    }
}
