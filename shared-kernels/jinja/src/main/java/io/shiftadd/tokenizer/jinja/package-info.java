/**
 * Renders the Jinja templates that come with models. A template is a stranger's program: it reaches strings, numbers,
 * lists and maps, never a Java object, and what it may do is bounded. One door leads in,
 * {@link io.shiftadd.tokenizer.jinja.JinjaTemplate}; all else belongs to this package, since values, what they can do,
 * and what filters do with them know each other.
 *
 * <p>The way of a template: {@code Lexer} and, within tags, {@code TagLexer} make tokens of it; {@code
 * StatementParser}, {@code ExpressionParser} and {@code OperandParser} a tree of {@code Statement} and {@code
 * Expression}; {@code Renderer} runs the statements and {@code Evaluator} the expressions, in a {@code Scope} and
 * within a {@code Budget}. What values do is Python's: {@code Values} (truth, order, iteration), {@code Operators},
 * {@code Members} (attributes, items and methods), {@code PythonFormat} and its like (text of values). {@code Filters}
 * and {@code Tests} list what stands behind a bar and behind {@code is}, {@code Globals} what every template may call.
 */
@NullMarked
package io.shiftadd.tokenizer.jinja;

import org.jspecify.annotations.NullMarked;
