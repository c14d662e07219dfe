package io.shiftadd.tokenizer.jinja;

import io.shiftadd.tokenizer.jinja.Statement.Branch;
import io.shiftadd.tokenizer.jinja.Statement.Flow;
import io.shiftadd.tokenizer.jinja.Statement.Signature;
import io.shiftadd.tokenizer.jinja.Statement.Target;
import io.shiftadd.tokenizer.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Jinja's statements, with the loop controls and the {@code generation} block that transformers adds. */
final class StatementParser {

    private static final int MAX_NESTING = 50;

    /** Of names of their own, which need a loader of templates. */
    private static final Set<String> OF_FILES = Set.of("include", "import", "from", "extends");

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int depth;
    private int loops;
    private final Set<String> blocks = new HashSet<>();

    private StatementParser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    static List<Statement> parse(String template) {
        StatementParser parser = new StatementParser(new TokenStream(Lexer.tokens(template)));
        return parser.until(Set.of());
    }

    /** Statements up to one that begins with a name of {@code ends}, at which the tokens then stand. */
    private List<Statement> until(Set<String> ends) {
        if (++depth > MAX_NESTING) {
            throw tokens.failure("statements are nested more than " + MAX_NESTING + " deep");
        }
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Text(token.line(), token.text()));
                case OUTPUT_BEGIN -> {
                    statements.add(new Statement.Output(token.line(), expressions.tuple(true, false)));
                    tokens.expect(Kind.OUTPUT_END);
                }
                case BLOCK_BEGIN -> {
                    Token name = tokens.expect(Kind.NAME);
                    if (ends.contains(name.text())) {
                        depth--;
                        end = name.text();
                        return List.copyOf(statements);
                    }
                    statements.add(statement(name));
                    tokens.expect(Kind.BLOCK_END);
                }
                default -> {
                    if (!ends.isEmpty()) {
                        throw tokens.failure("expected " + String.join(" or ", ends) + ", found " + token.describe());
                    }
                    depth--;
                    return List.copyOf(statements);
                }
            }
        }
    }

    /** At which name {@link #until} stopped. */
    private String end = "";

    private List<Statement> body(String... ends) {
        tokens.skipOperator(":");
        tokens.expect(Kind.BLOCK_END);
        return until(Set.of(ends));
    }

    private Statement statement(Token keyword) {
        int line = keyword.line();
        return switch (keyword.text()) {
            case "if" -> conditional(line);
            case "for" -> loop(line);
            case "set" -> assignment(line);
            case "with" -> with(line);
            case "macro" -> {
                Signature signature = signature(tokens.expect(Kind.NAME).text());
                yield new Statement.MacroDefinition(line, signature, outsideLoops("endmacro"));
            }
            case "call" -> callBlock(line);
            case "filter" -> {
                Expression value = expressions.operands().namedFilter(Scope.BODY);
                while (tokens.current().isOperator("|")) {
                    value = expressions.operands().filter(value);
                }
                yield new Statement.FilterBlock(line, value, body("endfilter"));
            }
            case "block" -> block(line);
            case "autoescape" -> {
                Expression condition = expressions.expression();
                yield new Statement.Autoescape(line, condition, body("endautoescape"));
            }
            case "generation" -> new Statement.Generation(line, body("endgeneration"));
            case "break", "continue" -> {
                if (loops == 0) {
                    throw tokens.failure("'" + keyword.text() + "' outside a loop");
                }
                yield new Statement.Jump(line, keyword.isName("break") ? Flow.BREAK : Flow.CONTINUE);
            }
            default ->
                throw new JinjaException(
                                OF_FILES.contains(keyword.text())
                                        ? "'" + keyword.text() + "' is not allowed: a chat template is one file"
                                        : "unknown or misplaced statement '" + keyword.text() + "'")
                        .inLine(line);
        };
    }

    private Statement block(int line) {
        String name = tokens.expect(Kind.NAME).text();
        if (!blocks.add(name)) {
            throw tokens.failure("there are two blocks '" + name + "'");
        }
        // How other templates may replace it.
        tokens.skipName("scoped");
        tokens.skipName("required");
        List<Statement> body = outsideLoops("endblock");
        tokens.skipName(name);
        return new Statement.Block(line, body);
    }

    private Statement conditional(int line) {
        List<Branch> branches = new ArrayList<>();
        do {
            Expression condition = expressions.tuple(false, false);
            branches.add(new Branch(condition, body("elif", "else", "endif")));
        } while (end.equals("elif"));
        List<Statement> otherwise = end.equals("else") ? body("endif") : List.of();
        return new Statement.If(line, branches, otherwise);
    }

    private Statement loop(int line) {
        Target target = target(false);
        tokens.expectName("in");
        Expression values = expressions.tuple(false, false);
        @Nullable Expression condition = tokens.skipName("if") ? expressions.expression() : null;
        boolean isRecursive = tokens.skipName("recursive");
        loops++;
        List<Statement> body = body("endfor", "else");
        loops--;
        List<Statement> otherwise = end.equals("else") ? body("endfor") : List.of();
        return new Statement.For(line, target, values, condition, isRecursive, body, otherwise);
    }

    private Statement assignment(int line) {
        Target target = target(true);
        if (tokens.skipOperator("=")) {
            return new Statement.Assign(line, target, expressions.tuple(true, false));
        }
        Expression value = Scope.BODY;
        while (tokens.current().isOperator("|")) {
            value = expressions.operands().filter(value);
        }
        return new Statement.Capture(line, target, value, body("endset"));
    }

    private Statement with(int line) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.current().kind() != Kind.BLOCK_END) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(new Statement.Variable(tokens.expect(Kind.NAME).text()));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        return new Statement.With(line, targets, values, body("endwith"));
    }

    private Statement callBlock(int line) {
        Signature caller =
                tokens.current().isOperator("(") ? signature("caller") : new Signature("caller", List.of(), List.of());
        Expression call = expressions.expression();
        if (!(call instanceof Expression.Call called)) {
            throw tokens.failure("'call' needs a call");
        }
        return new Statement.CallBlock(line, called, caller, outsideLoops("endcall"));
    }

    /** A body that is run elsewhere, so that 'break' in it has no loop. */
    private List<Statement> outsideLoops(String endName) {
        int outer = loops;
        loops = 0;
        List<Statement> body = body(endName);
        loops = outer;
        return body;
    }

    private Signature signature(String name) {
        tokens.expectOperator("(");
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            parameters.add(tokens.expect(Kind.NAME).text());
            if (tokens.skipOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw tokens.failure("a parameter without default follows one with");
            }
        }
        return new Signature(name, parameters, defaults);
    }

    private Target target(boolean mayBeMember) {
        List<Target> targets = new ArrayList<>();
        boolean isTuple = false;
        boolean isBracketed = tokens.skipOperator("(");
        while (tokens.current().kind() == Kind.NAME && !tokens.current().isName("in")) {
            String name = tokens.next().text();
            if (mayBeMember && tokens.skipOperator(".")) {
                targets.add(new Statement.Member(name, tokens.expect(Kind.NAME).text()));
            } else {
                if (Set.of("true", "false", "none", "True", "False", "None").contains(name)) {
                    throw tokens.failure("'" + name + "' cannot be assigned to");
                }
                targets.add(new Statement.Variable(name));
            }
            if (!tokens.skipOperator(",")) {
                break;
            }
            isTuple = true;
        }
        if (isBracketed) {
            tokens.expectOperator(")");
        }
        if (targets.isEmpty()) {
            throw tokens.failure("expected a name, found " + tokens.current().describe());
        }
        return isTuple ? new Statement.Several(targets) : targets.getFirst();
    }
}
