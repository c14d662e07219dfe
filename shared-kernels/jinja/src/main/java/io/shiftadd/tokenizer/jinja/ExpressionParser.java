package io.shiftadd.tokenizer.jinja;

import io.shiftadd.tokenizer.jinja.Expression.Operand;
import io.shiftadd.tokenizer.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Jinja's grammar of expressions down to the unary operators; {@link OperandParser} reads what these apply to. */
final class ExpressionParser {

    /** Brackets, negations and conditionals within one another. */
    private static final int MAX_NESTING = 50;

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenStream tokens;
    private final OperandParser operands;
    private int depth;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
        this.operands = new OperandParser(tokens, this);
    }

    OperandParser operands() {
        return operands;
    }

    Expression expression() {
        enter();
        Expression value = or();
        while (tokens.skipName("if")) {
            Expression condition = or();
            @Nullable Expression otherwise = tokens.skipName("else") ? expression() : null;
            value = new Expression.Conditional(condition, value, otherwise);
        }
        depth--;
        return value;
    }

    /** One expression, or several with commas as a tuple. */
    Expression tuple(boolean mayHaveCondition, boolean mayBeEmpty) {
        List<Expression> items = new ArrayList<>();
        boolean isTuple = false;
        while (!atTupleEnd()) {
            items.add(mayHaveCondition ? expression() : or());
            if (!tokens.skipOperator(",")) {
                break;
            }
            isTuple = true;
        }
        if (!isTuple && items.size() == 1) {
            return items.getFirst();
        }
        if (items.isEmpty() && !mayBeEmpty) {
            throw tokens.failure(
                    "expected an expression, found " + tokens.current().describe());
        }
        return new Expression.Sequence(items, true);
    }

    private boolean atTupleEnd() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case OUTPUT_END, BLOCK_END -> true;
            default -> token.isOperator(")") || token.isName("recursive");
        };
    }

    Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        enter();
        Expression value = new Expression.Not(not());
        depth--;
        return value;
    }

    private Expression comparison() {
        Expression first = sum();
        List<Operand> others = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                tokens.next();
                others.add(new Operand(token.text(), sum()));
            } else if (tokens.skipName("in")) {
                others.add(new Operand("in", sum()));
            } else if (token.isName("not") && tokens.following().isName("in")) {
                tokens.next();
                tokens.next();
                others.add(new Operand("not in", sum()));
            } else {
                return others.isEmpty() ? first : new Expression.Comparison(first, others);
            }
        }
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
            left = new Expression.Arithmetic(tokens.next().text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression first = product();
        if (!tokens.current().isOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return new Expression.Concatenation(parts);
    }

    private Expression product() {
        Expression left = power();
        while (true) {
            Token token = tokens.current();
            if (token.kind() != Kind.OPERATOR || !Set.of("*", "/", "//", "%").contains(token.text())) {
                return left;
            }
            tokens.next();
            left = new Expression.Arithmetic(token.text(), left, power());
        }
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.skipOperator("**")) {
            left = new Expression.Arithmetic("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean mayHaveFilter) {
        enter();
        Expression value;
        if (tokens.current().isOperator("-") || tokens.current().isOperator("+")) {
            boolean isNegative = tokens.next().isOperator("-");
            value = new Expression.Sign(unary(false), isNegative);
        } else {
            value = operands.primary();
        }
        value = operands.postfix(value);
        depth--;
        return mayHaveFilter ? operands.filters(value) : value;
    }

    private void enter() {
        if (++depth > 2 * MAX_NESTING) {
            throw tokens.failure("an expression is nested more than " + MAX_NESTING + " deep");
        }
    }

    static Expression.Parameters parameters(List<Expression> values, Map<String, Expression> named) {
        return new Expression.Parameters(values, named, null, null);
    }
}
