package io.shiftadd.inference.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.generation.sampling.TokenConstraint;
import io.shiftadd.inference.grammar.schema.SchemaCompiler;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Random walks through what a constraint allows, over a small vocabulary as real ones are made. */
final class Walk {

    static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final byte[][] TOKENS = tokens();
    static final VocabularyTrie VOCABULARY = new VocabularyTrie(TOKENS);

    private Walk() {}

    /** Every byte, and what real vocabularies join: punctuation, words, indents, parts of characters. */
    private static byte[][] tokens() {
        List<byte[]> tokens = new ArrayList<>();
        tokens.add(new byte[0]);
        for (int b = 0; b < 256; b++) {
            tokens.add(new byte[] {(byte) b});
        }
        String[] joined = {
            "{\"", "\":", "\", \"", "\"}", "},", "}}", "[[", "]]", "],[", " \"", "\n    ", "\\n", "\\u00", "true",
            "false", "null", " true", "the", " and", "name", "12", "0.5", "e+", "-1", "é", "日本", "\"\"", "{}", "[]",
            ": {", "a\":1"
        };
        for (String text : joined) {
            tokens.add(text.getBytes(StandardCharsets.UTF_8));
        }
        tokens.add(new byte[] {(byte) 0xE2, (byte) 0x82});
        tokens.add("name".getBytes(StandardCharsets.UTF_8));
        return tokens.toArray(byte[][]::new);
    }

    static JsonGrammar grammar(String schema) {
        return grammar(STRICT.readTree(schema));
    }

    static JsonGrammar grammar(JsonNode schema) {
        return new JsonGrammar(SchemaCompiler.compile(schema), VOCABULARY);
    }

    /** A text drawn at random, complete before the tokens end. */
    static String text(JsonGrammar grammar, int maxTokens, Random random) {
        TokenConstraint constraint = grammar.constraint(maxTokens);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int used = 0;
        while (!constraint.mustEnd() && !(constraint.mayEnd() && random.nextInt(4) == 0)) {
            assertThat(used).as("tokens after %s", text).isLessThan(maxTokens);
            BitSet allowed = constraint.allowed(maxTokens - used);
            int count = allowed.cardinality();
            if (count == 0) {
                assertThat(constraint.mayEnd()).as("goes on or ends: %s", text).isTrue();
                break;
            }
            int token = nth(allowed, random.nextInt(count));
            constraint.accept(token);
            text.writeBytes(TOKENS[token]);
            used++;
            if (used == maxTokens) {
                assertThat(constraint.mayEnd()).as("complete: %s", text).isTrue();
                break;
            }
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static int nth(BitSet set, int n) {
        int at = set.nextSetBit(0);
        for (int i = 0; i < n; i++) {
            at = set.nextSetBit(at + 1);
        }
        return at;
    }

    /** Texts drawn at random, with budgets from the least on. */
    static List<String> texts(JsonGrammar grammar, int count, int tokens, long seed) {
        int least = grammar.shortestTokens().orElseThrow();
        Random random = new Random(seed);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(text(grammar, least + random.nextInt(tokens), random));
        }
        return texts;
    }

    /** Whether the grammar allows exactly this text, byte by byte. */
    static boolean accepts(JsonGrammar grammar, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        TokenConstraint constraint =
                grammar.constraint(bytes.length + grammar.shortestTokens().orElseThrow() + 100);
        for (int i = 0; i < bytes.length; i++) {
            int token = 1 + (bytes[i] & 0xFF);
            if (!constraint.allowed(bytes.length - i + 100).get(token)) {
                return false;
            }
            constraint.accept(token);
        }
        return constraint.mayEnd();
    }
}
