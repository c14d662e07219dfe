package io.shiftadd.inference.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.conversation.Tool;
import io.shiftadd.inference.generation.sampling.TokenConstraint;
import io.shiftadd.inference.grammar.rule.Rule;
import io.shiftadd.inference.grammar.schema.SchemaCompiler;
import io.shiftadd.inference.grammar.schema.SchemaException;
import io.shiftadd.inference.syntax.AnswerPart;
import io.shiftadd.inference.syntax.AnswerReader;
import io.shiftadd.inference.syntax.CallSyntax;
import io.shiftadd.inference.syntax.Reasoning;
import io.shiftadd.inference.syntax.TextOrCalls;
import io.shiftadd.inference.syntax.ToolFormat;
import io.shiftadd.inference.syntax.ToolRule;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Random tools, and a model that draws its tokens at random: whatever it calls, it calls with valid arguments. */
class ToolCallFuzzTest {

    private static final int SCHEMAS = Integer.getInteger("shiftadd.fuzz.tools", 1_000);
    private static final List<String> MARKS = List.of(
            "<tool_call>",
            "</tool_call>",
            "[TOOL_CALLS]",
            "[ARGS]",
            "<|python_tag|>",
            "<|tool_call|>",
            "```tool_code",
            "=\"",
            "None",
            "(");
    private static final String[] NAMES = {"f", "get", "get_weather", "a.b-c"};

    private final Random random = new Random(32);
    private final List<byte[]> tokens = tokens();
    private final VocabularyTrie vocabulary = new VocabularyTrie(tokens.toArray(byte[][]::new));

    private static List<byte[]> tokens() {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < Walk.VOCABULARY.vocabularySize(); i++) {
            all.add(Walk.VOCABULARY.bytes(i));
        }
        for (char c = ' '; c < 0x7F; c++) {
            all.add(new byte[] {(byte) c});
        }
        MARKS.forEach(mark -> all.add(mark.getBytes(StandardCharsets.UTF_8)));
        // One that goes on after a mark, as vocabularies without such special tokens may have it.
        all.add("<tool_call>\n{\"".getBytes(StandardCharsets.UTF_8));
        all.add("tool_call>x".getBytes(StandardCharsets.UTF_8));
        return all;
    }

    @Test
    void noCallHasInvalidArguments() {
        RandomSchemas schemas = new RandomSchemas(random);
        int checked = 0;
        for (int i = 0; i < SCHEMAS; i++) {
            Map<String, Judge> judges = new HashMap<>();
            List<ToolRule> tools = new ArrayList<>();
            for (String name : List.of(NAMES).subList(0, 1 + random.nextInt(NAMES.length))) {
                ToolRule tool = tool(name, schemas, judges);
                if (tool != null) {
                    tools.add(tool);
                }
            }
            if (!tools.isEmpty()) {
                checked += check(ToolFormat.values()[i % ToolFormat.values().length], tools, judges);
            }
        }
        assertThat(checked).as("calls that were checked").isGreaterThan(SCHEMAS);
    }

    private ToolRule tool(String name, RandomSchemas schemas, Map<String, Judge> judges) {
        ObjectNode schema = schemas.document();
        try {
            Rule rule = SchemaCompiler.compile(schema.put("type", "object"));
            judges.put(name, Judge.of(schema));
            return random.nextBoolean() ? new ToolRule(name, rule, false) : keywords(name, schema, rule);
        } catch (SchemaException e) {
            return null;
        }
    }

    /** As it is written where a program is: arguments are named by identifiers, if they can. */
    private static ToolRule keywords(String name, ObjectNode schema, Rule otherwise) {
        Optional<ObjectNode> named = Tool.of(name, "", null, schema, "").keywords();
        try {
            return named.isEmpty()
                    ? new ToolRule(name, otherwise, false)
                    : new ToolRule(name, SchemaCompiler.compile(named.get()), true);
        } catch (SchemaException e) {
            return new ToolRule(name, otherwise, false);
        }
    }

    private int check(ToolFormat format, List<ToolRule> tools, Map<String, Judge> judges) {
        boolean parallel = random.nextBoolean();
        CallSyntax syntax = new CallSyntax(format, tools, parallel, vocabulary);
        int least = syntax.grammar().shortestTokens().orElseThrow();
        int budget = least + random.nextInt(60);
        String forced = write(syntax.grammar().constraint(budget), budget);
        int calls = calls(format, forced, judges, parallel);
        assertThat(calls).as("calls of %s", forced).isPositive();
        return calls + calls(format, write(new TextOrCalls(syntax, budget), budget), judges, parallel);
    }

    /** Draws tokens, marks more often than others. */
    private String write(TokenConstraint constraint, int budget) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int used = 0; used < budget && !constraint.mustEnd(); used++) {
            if (constraint.mayEnd() && random.nextInt(12) == 0) {
                break;
            }
            int token = draw(constraint.anything() ? all() : constraint.allowed(budget - used));
            if (token < 0) {
                assertThat(constraint.mayEnd()).as("goes on or ends: %s", text).isTrue();
                break;
            }
            constraint.accept(token);
            text.writeBytes(tokens.get(token));
        }
        assertThat(constraint.mayEnd()).as("complete: %s", text).isTrue();
        return text.toString(StandardCharsets.UTF_8);
    }

    private BitSet all() {
        BitSet all = new BitSet();
        all.set(0, tokens.size());
        return all;
    }

    private int draw(BitSet allowed) {
        BitSet marks = allowed.get(tokens.size() - MARKS.size() - 2, tokens.size());
        boolean mark = !marks.isEmpty() && random.nextInt(3) == 0;
        BitSet from = mark ? marks : allowed;
        if (from.isEmpty()) {
            return -1;
        }
        int at = from.stream()
                .skip(random.nextInt(from.cardinality()))
                .findFirst()
                .orElseThrow();
        return mark ? at + tokens.size() - MARKS.size() - 2 : at;
    }

    /** Reads an answer in pieces; returns how many calls it has. */
    private int calls(ToolFormat format, String text, Map<String, Judge> judges, boolean parallel) {
        AnswerReader reader = new AnswerReader(null, Reasoning.Start.ENDED, format, judges.keySet());
        List<AnswerPart> parts = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int next = Math.min(text.length(), at + 1 + random.nextInt(9));
            parts.addAll(reader.push(text.substring(at, next)));
            at = next;
        }
        parts.addAll(reader.finish());
        List<String> names = new ArrayList<>();
        Map<Integer, StringBuilder> arguments = new HashMap<>();
        int ended = 0;
        for (AnswerPart part : parts) {
            switch (part) {
                case AnswerPart.CallBegun begun -> names.add(begun.name());
                case AnswerPart.CallArguments more ->
                    arguments
                            .computeIfAbsent(more.call(), _ -> new StringBuilder())
                            .append(more.text());
                case AnswerPart.CallEnded _ -> ended++;
                default -> {}
            }
        }
        assertThat(ended).as("every call is complete: %s", text).isEqualTo(names.size());
        assertThat(names.size()).as("calls of %s", text).isLessThanOrEqualTo(parallel ? 1_000 : 1);
        for (int i = 0; i < names.size(); i++) {
            String json = String.valueOf(arguments.get(i));
            JsonNode value = Walk.STRICT.readTree(json);
            assertThat(value.isObject()).as(json).isTrue();
            assertThat(judges.get(names.get(i)).errors(json))
                    .as("%s in %s", json, text)
                    .isEmpty();
        }
        return names.size();
    }
}
