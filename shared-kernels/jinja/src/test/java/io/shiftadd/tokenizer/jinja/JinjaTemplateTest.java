package io.shiftadd.tokenizer.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Expected texts are those of Jinja itself, written by src/test/references/make_chat_templates.py. */
class JinjaTemplateTest {

    private static final JsonMapper JSON = new JsonMapper();

    /** The script's. */
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-05T14:07:09Z"), ZoneOffset.UTC);

    private static final Map<String, Object> VARIABLES = map(JSON.readTree(resource("snippet-variables.json")));

    private static String resource(String name) {
        try (InputStream in = JinjaTemplateTest.class.getResourceAsStream("/chat-templates/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(JsonNode node) {
        return JSON.convertValue(node, Map.class);
    }

    record Case(String name, String source, Map<String, Object> variables, JsonNode result) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> realTemplates() {
        JsonNode conversations = JSON.readTree(resource("conversations.json"));
        List<Case> cases = new ArrayList<>();
        for (JsonNode entry : JSON.readTree(resource("cases.json"))) {
            String template = entry.path("template").stringValue();
            String conversation = entry.path("conversation").stringValue();
            Map<String, Object> variables = new HashMap<>();
            variables.put("tools", null);
            variables.put("bos_token", "<s>");
            variables.put("eos_token", "</s>");
            variables.put(
                    "add_generation_prompt", entry.path("add_generation_prompt").booleanValue());
            variables.putAll(map(conversations.path(conversation)));
            cases.add(new Case(template + " " + conversation, resource(template), variables, entry));
        }
        return cases.stream();
    }

    static Stream<Case> snippets() {
        List<Case> cases = new ArrayList<>();
        for (JsonNode entry : JSON.readTree(resource("snippets.json"))) {
            String source = entry.path("source").stringValue();
            cases.add(new Case(source, source, VARIABLES, entry));
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource({"realTemplates", "snippets"})
    void rendersAsTheReference(Case given) {
        if (given.result().has("expected")) {
            assertThat(new JinjaTemplate(given.source()).render(given.variables(), CLOCK))
                    .isEqualTo(given.result().path("expected").stringValue());
            return;
        }
        JsonNode message = given.result().path("error");
        assertThatExceptionOfType(JinjaException.class)
                .isThrownBy(() -> new JinjaTemplate(given.source()).render(given.variables(), CLOCK))
                .satisfies(e -> {
                    assertThat(e.isRaisedByTemplate()).isEqualTo(message.isString());
                    if (message.isString()) {
                        assertThat(e).hasMessage(message.stringValue());
                    }
                });
    }

    private static String render(String source) {
        return new JinjaTemplate(source).render(VARIABLES, CLOCK);
    }

    @Test
    void saysInWhichLineItFails() {
        assertThatExceptionOfType(JinjaException.class)
                .isThrownBy(() -> render("a\n{% if true %}\n{{ missing.role }}\n{% endif %}"))
                .withMessage("line 3: 'missing' is undefined");
        assertThatExceptionOfType(JinjaException.class)
                .isThrownBy(() -> render("a\n\n{% nope %}"))
                .withMessage("line 3: unknown or misplaced statement 'nope'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ''.getClass() }}",
                "{{ ''['class'].forName('java.lang.Runtime') }}",
                "{{ xs.getClass() }}",
                "{{ m.getClass().forName('java.lang.Runtime') }}",
                "{{ text.bytes.length }}",
                "{{ namespace().getClass() }}",
                "{{ ('a' | map('upper')).getClass() }}",
                "{{ range.getClass() }}",
                "{% for x in xs %}{{ loop.getClass() }}{% endfor %}",
                "{% macro f() %}{% endmacro %}{{ f.getClass() }}"
            })
    void reachesNoJavaObject(String source) {
        assertThatExceptionOfType(JinjaException.class).isThrownBy(() -> render(source));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}",
                "{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}",
                "{% set ns = namespace(s='aaaaaaaa') %}{% for a in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
                "{% set ns = namespace(s='aaaaaaaa') %}{% for a in range(99) %}{% set ns.s = ns.s * 99 %}{% endfor %}",
                "{% set ns = namespace(s=[1]) %}{% for a in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(s='aa') %}{% for a in range(99) %}{% set ns.s = ns.s.replace('a', ns.s) %}{% endfor %}",
                "{% set ns = namespace(s='aa') %}{% for a in range(99) %}{% set ns.s = ns.s | replace('', ns.s) %}{% endfor %}",
                "{% set ns = namespace(s='aa') %}{% for a in range(99) %}{% set ns.s = ns.s.join(ns.s) %}{% endfor %}",
                "{% set ns = namespace(s='aa') %}{% for a in range(99) %}{% set ns.s = '%s%s' % (ns.s, ns.s) %}{% endfor %}",
                "{% set ns = namespace(s='aa') %}{% for a in range(99) %}{% set ns.s = ns.s | center(100000000) %}{% endfor %}",
                "{% set ns = namespace(s='aa') %}{% for a in range(99) %}{% set ns.s = '{0}{0}'.format(ns.s) %}{% endfor %}",
                "{% set ns = namespace(s='a\\n') %}{% for a in range(99) %}{% set ns.s = (ns.s * 50) | indent(1000) %}{% endfor %}",
                "{% set ns = namespace(s=[1]) %}{% for a in range(999) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s }}",
                "{% set ns = namespace(s=[1]) %}{% for a in range(999) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s | tojson }}",
                "{% set ns = namespace(s=(1,)) %}{% for a in range(99999) %}{% set ns.s = (ns.s,) %}{% endfor %}{{ {ns.s: 1} }}",
                "{% set ns = namespace(s=[1], t=[1]) %}{% for a in range(9999) %}{% set ns.s = [ns.s] %}{% set ns.t = [ns.t] %}{% endfor %}{{ ns.s == ns.t }}",
                "{% set ns = namespace(s=[1], t=[1]) %}{% for a in range(9999) %}{% set ns.s = [ns.s] %}{% set ns.t = [ns.t] %}{% endfor %}{{ ns.s < ns.t }}",
                "{% set x = [1] * 9999 %}{% for a in range(9999) %}{{ x | sort | length }}{% endfor %}",
                "{% set x = range(9999) | list %}{% for a in range(9999) %}{{ 'y' in x }}{% endfor %}",
                "{% set x = 'a' * 999999 %}{% for a in range(9999) %}{{ 'y' in x }}{{ x[0] }}{% endfor %}",
                "{% macro f(x) %}{{ f(x) }}{{ f(x) }}{% endmacro %}{{ f(1) }}",
                "{% macro f(n) %}{% if n > 0 %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(50) }}",
                "{% for x in [[]] recursive %}{{ loop([x]) }}{% endfor %}",
                "{{ range(1000000000) | list | length }}",
                "{{ 9 ** 9 ** 9 ** 9 ** 9 }}",
                "{{ '%999999999d' % 1 }}",
                "{{ [1, 2] | batch(99999999, 'x') | list }}",
                "{{ 'a' | indent(99999999999999999999) }}"
            })
    @Timeout(30)
    void endsWhateverTheTemplateDoes(String source) {
        assertThatExceptionOfType(JinjaException.class).isThrownBy(() -> render(source));
    }

    @Test
    void saysThatAnIndexIsOutOfRange() {
        assertThatExceptionOfType(JinjaException.class)
                .isThrownBy(() -> render("{{ xs[7].content }}"))
                .withMessage("line 1: index 7 is out of range: a list has 3 items");
    }

    /** As templates do that ask, for each message, whether one of a kind comes later. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 2_000})
    void looksThroughTheRestOfALongConversationForEachMessage(int count) {
        List<Object> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(Map.of("role", i % 2 == 0 ? "user" : "assistant", "content", "hi"));
        }
        String source =
                "{% for m in messages %}{% for n in messages[loop.index0:] %}{% if n.role == 'system' %}x{% endif %}"
                        + "{% endfor %}{% endfor %}done";
        assertThat(new JinjaTemplate(source).render(Map.of("messages", messages), CLOCK))
                .isEqualTo("done");
    }

    @Test
    void endsOnDeepNesting() {
        for (String source : List.of(
                "{{ " + "(".repeat(30_000) + "1" + ")".repeat(30_000) + " }}",
                "{{ " + "[".repeat(30_000) + "1" + "]".repeat(30_000) + " }}",
                "{{ " + "not ".repeat(15_000) + "1 }}",
                "{{ " + "-".repeat(15_000) + "1 }}",
                "{{ 1" + " | abs".repeat(10_000) + " }}",
                "{{ 1" + " + 1".repeat(30_000) + " }}",
                "{{ m" + ".k".repeat(30_000) + " }}",
                "{{ " + "1 if 1 else ".repeat(10_000) + "1 }}",
                "{% if 1 %}".repeat(3_000) + "{% endif %}".repeat(3_000),
                "{% for (" + "a, ".repeat(10_000) + "b) in [] %}{% endfor %}",
                "a".repeat(300_000))) {
            long start = System.nanoTime();
            try {
                render(source);
            } catch (JinjaException e) {
                assertThat(e).hasMessageNotContaining("java.");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    /** Pieces of real templates put together at random: whatever comes of it, it is a text or the typed exception. */
    @Test
    void survivesMangledTemplates() {
        List<String> sources = Stream.concat(realTemplates(), snippets())
                .map(Case::source)
                .distinct()
                .toList();
        Map<String, Object> variables = new HashMap<>(VARIABLES);
        realTemplates().findFirst().ifPresent(first -> variables.putAll(first.variables()));
        Random random = new Random(7);
        int rendered = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder source = new StringBuilder(sources.get(random.nextInt(sources.size())));
            for (int edit = random.nextInt(4); edit >= 0 && !source.isEmpty(); edit--) {
                int at = random.nextInt(source.length());
                int to = Math.min(source.length(), at + random.nextInt(12));
                String other = sources.get(random.nextInt(sources.size()));
                int from = random.nextInt(other.length());
                String piece = other.substring(from, Math.min(other.length(), from + random.nextInt(20)));
                source.replace(at, random.nextBoolean() ? to : at, random.nextInt(3) == 0 ? "" : piece);
            }
            try {
                new JinjaTemplate(source.toString()).render(variables, CLOCK);
                rendered++;
            } catch (JinjaException e) {
                assertThat(e.getMessage()).isNotNull();
            }
        }
        assertThat(rendered).isBetween(2_000, 18_000);
    }
}
