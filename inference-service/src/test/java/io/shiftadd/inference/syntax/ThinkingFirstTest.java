package io.shiftadd.inference.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.grammar.JsonGrammar;
import io.shiftadd.inference.grammar.VocabularyTrie;
import io.shiftadd.inference.grammar.rule.LiteralRule;
import io.shiftadd.inference.syntax.ThinkingFirst.Body;
import io.shiftadd.inference.syntax.ThinkingFirst.Marks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens drawn at random: a thought ends in time, and what follows it is what was asked for. */
class ThinkingFirstTest {

    private static final Reasoning THINK = new Reasoning("<think>", "</think>");
    private static final String[] TOKENS = {
        "a", "b", " ", "\n", "\n\n", "\"", "yes", "no", "<", ">", "/", "</thi", "nk>", "nk>a", "<think>", "</think>"
    };
    private static final int OPEN = TOKENS.length - 2;
    private static final int CLOSE = TOKENS.length - 1;

    private final VocabularyTrie vocabulary = new VocabularyTrie(tokens());
    private final JsonGrammar grammar = new JsonGrammar(new LiteralRule(List.of("\"yes\"", "\"nono\"")), vocabulary);

    private static byte[][] tokens() {
        List<byte[]> all = new ArrayList<>();
        for (String token : TOKENS) {
            all.add(token.getBytes(StandardCharsets.UTF_8));
        }
        return all.toArray(byte[][]::new);
    }

    private static int draw(BitSet allowed, Random random) {
        return allowed.stream()
                .skip(random.nextInt(allowed.cardinality()))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(names = {"THINKING", "OPEN"})
    void theAnswerIsWholeAndTheThoughtWithinItsBudget(Reasoning.Start start) {
        int shortest = grammar.shortestTokens().orElseThrow();
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            int maxTokens = shortest + 1 + random.nextInt(20);
            int budget = random.nextInt(8);
            ThinkingFirst constraint = new ThinkingFirst(
                    new Marks(THINK, OPEN, new int[] {CLOSE}),
                    start,
                    new Body(grammar::constraint, shortest),
                    budget,
                    vocabulary,
                    maxTokens);
            AnswerReader reader = new AnswerReader(THINK, start, null, Set.of());
            StringBuilder said = new StringBuilder();
            int thought = 0;
            for (int used = 0; used < maxTokens && !constraint.mustEnd(); used++) {
                boolean any = constraint.anything();
                int token = any ? random.nextInt(TOKENS.length) : draw(constraint.allowed(maxTokens - used), random);
                constraint.accept(token);
                reader.push(TOKENS[token])
                        .forEach(part -> said.append(part instanceof AnswerPart.Said(String text) ? text : ""));
                thought += reader.isThinking() ? 1 : 0;
            }
            reader.finish().forEach(part -> said.append(part instanceof AnswerPart.Said(String text) ? text : ""));
            assertThat(said.toString().strip()).as("seed %d", seed).isIn("\"yes\"", "\"nono\"");
            assertThat(thought).as("tokens thought, seed %d", seed).isLessThanOrEqualTo(budget + 1);
        }
    }
}
