package io.shiftadd.tokenizer.jinja;

import io.shiftadd.tokenizer.jinja.Token.Kind;
import java.util.List;

/** Where a parser is. */
final class TokenStream {

    private final List<Token> tokens;
    private int at;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    Token following() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        if (at < tokens.size() - 1) {
            at++;
        }
        return token;
    }

    boolean skipName(String name) {
        return skip(current().isName(name));
    }

    boolean skipOperator(String operator) {
        return skip(current().isOperator(operator));
    }

    private boolean skip(boolean matches) {
        if (matches) {
            next();
        }
        return matches;
    }

    Token expect(Kind kind) {
        if (current().kind() != kind) {
            throw failure("expected "
                    + switch (kind) {
                        case NAME -> "a name";
                        case BLOCK_END -> "the end of the statement";
                        case OUTPUT_END -> "the end of the expression";
                        default -> kind.name().toLowerCase(java.util.Locale.ROOT);
                    }
                    + ", found " + current().describe());
        }
        return next();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw failure("expected '" + operator + "', found " + current().describe());
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw failure("expected '" + name + "', found " + current().describe());
        }
    }

    JinjaException failure(String message) {
        return new JinjaException(message).inLine(current().line());
    }
}
