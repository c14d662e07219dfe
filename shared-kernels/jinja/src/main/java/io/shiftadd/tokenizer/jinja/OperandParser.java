package io.shiftadd.tokenizer.jinja;

import io.shiftadd.tokenizer.jinja.Expression.Parameters;
import io.shiftadd.tokenizer.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Literals, names and brackets, and what follows them: attributes, items, calls, filters and tests. */
final class OperandParser {

    private final TokenStream tokens;
    private final ExpressionParser expressions;

    OperandParser(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> name(token.text());
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.current().kind() == Kind.STRING) {
                    text.append(tokens.next().text());
                }
                yield new Expression.Constant(text.toString());
            }
            case INTEGER, FLOAT -> new Expression.Constant(token.value());
            case OPERATOR -> bracket(token);
            default -> throw unexpected(token);
        };
    }

    private static JinjaException unexpected(Token token) {
        return new JinjaException("unexpected " + token.describe()).inLine(token.line());
    }

    private static Expression name(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Constant(true);
            case "false", "False" -> new Expression.Constant(false);
            case "none", "None" -> new Expression.Constant(None.NONE);
            default -> new Expression.Name(name);
        };
    }

    private Expression bracket(Token opening) {
        switch (opening.text()) {
            case "(" -> {
                Expression value = expressions.tuple(true, true);
                tokens.expectOperator(")");
                return value;
            }
            case "[" -> {
                List<Expression> items = new ArrayList<>();
                while (!tokens.skipOperator("]")) {
                    separate(items.isEmpty());
                    if (!tokens.current().isOperator("]")) {
                        items.add(expressions.expression());
                    }
                }
                return new Expression.Sequence(items, false);
            }
            case "{" -> {
                return dictionary();
            }
            default -> throw unexpected(opening);
        }
    }

    private Expression dictionary() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            separate(keys.isEmpty());
            if (!tokens.current().isOperator("}")) {
                keys.add(expressions.expression());
                tokens.expectOperator(":");
                values.add(expressions.expression());
            }
        }
        return new Expression.Dictionary(keys, values);
    }

    private void separate(boolean isFirst) {
        if (!isFirst) {
            tokens.expectOperator(",");
        }
    }

    Expression postfix(Expression operand) {
        Expression value = operand;
        while (true) {
            if (tokens.skipOperator(".")) {
                value = attribute(value);
            } else if (tokens.skipOperator("[")) {
                value = subscript(value);
            } else if (tokens.current().isOperator("(")) {
                value = new Expression.Call(value, parameters());
            } else {
                return value;
            }
        }
    }

    private Expression attribute(Expression target) {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> new Expression.Attribute(target, token.text());
            case INTEGER -> new Expression.Item(target, new Expression.Constant(token.value()));
            default ->
                throw new JinjaException("expected a name or a number after '.', found " + token.describe())
                        .inLine(token.line());
        };
    }

    private Expression subscript(Expression target) {
        if (tokens.current().isOperator("]")) {
            throw tokens.failure("an index is missing");
        }
        @Nullable Expression from = tokens.current().isOperator(":") ? null : expressions.expression();
        if (from != null && tokens.skipOperator("]")) {
            return new Expression.Item(target, from);
        }
        tokens.expectOperator(":");
        @Nullable Expression to = sliceEnd();
        @Nullable Expression step = tokens.skipOperator(":") ? sliceEnd() : null;
        tokens.expectOperator("]");
        return new Expression.Slice(target, from, to, step);
    }

    private @Nullable Expression sliceEnd() {
        return tokens.current().isOperator(":") || tokens.current().isOperator("]") ? null : expressions.expression();
    }

    Expression filters(Expression operand) {
        Expression value = operand;
        while (true) {
            if (tokens.current().isOperator("|")) {
                value = filter(value);
            } else if (tokens.skipName("is")) {
                value = test(value);
            } else if (tokens.current().isOperator("(")) {
                value = new Expression.Call(value, parameters());
            } else {
                return value;
            }
        }
    }

    /** {@code | name(…)}. */
    Expression filter(Expression value) {
        tokens.expectOperator("|");
        return namedFilter(value);
    }

    Expression namedFilter(Expression value) {
        String name = dotted();
        return new Expression.Filter(value, name, tokens.current().isOperator("(") ? parameters() : Parameters.NONE);
    }

    private String dotted() {
        StringBuilder name = new StringBuilder(tokens.expect(Kind.NAME).text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expect(Kind.NAME).text());
        }
        return name.toString();
    }

    private Expression test(Expression value) {
        boolean isNegated = tokens.skipName("not");
        String name = dotted();
        Parameters parameters = Parameters.NONE;
        if (tokens.current().isOperator("(")) {
            parameters = parameters();
        } else if (beginsParameter(tokens.current())) {
            if (tokens.current().isName("is")) {
                throw tokens.failure("tests cannot follow one another with 'is'");
            }
            parameters = ExpressionParser.parameters(List.of(postfix(primary())), Map.of());
        }
        Expression test = new Expression.Test(value, name, parameters);
        return isNegated ? new Expression.Not(test) : test;
    }

    private static boolean beginsParameter(Token token) {
        return switch (token.kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
            case OPERATOR -> token.isOperator("[") || token.isOperator("{");
            default -> false;
        };
    }

    Parameters parameters() {
        tokens.expectOperator("(");
        List<Expression> values = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        @Nullable Expression more = null;
        @Nullable Expression moreNamed = null;
        boolean isFirst = true;
        while (!tokens.skipOperator(")")) {
            separate(isFirst);
            isFirst = false;
            if (tokens.current().isOperator(")")) {
                continue;
            }
            if (tokens.skipOperator("*")) {
                requireOrder(more == null && moreNamed == null);
                more = expressions.expression();
            } else if (tokens.skipOperator("**")) {
                requireOrder(moreNamed == null);
                moreNamed = expressions.expression();
            } else if (tokens.current().kind() == Kind.NAME
                    && tokens.following().isOperator("=")) {
                requireOrder(moreNamed == null);
                String name = tokens.next().text();
                tokens.next();
                if (named.put(name, expressions.expression()) != null) {
                    throw tokens.failure("the argument '" + name + "' is given twice");
                }
            } else {
                requireOrder(more == null && moreNamed == null && named.isEmpty());
                values.add(expressions.expression());
            }
        }
        return new Parameters(values, named, more, moreNamed);
    }

    private void requireOrder(boolean inOrder) {
        if (!inOrder) {
            throw tokens.failure("the arguments of a call are out of order");
        }
    }
}
