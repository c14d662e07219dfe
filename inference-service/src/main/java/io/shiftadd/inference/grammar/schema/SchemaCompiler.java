package io.shiftadd.inference.grammar.schema;

import io.shiftadd.inference.grammar.pattern.Languages;
import io.shiftadd.inference.grammar.pattern.PatternException;
import io.shiftadd.inference.grammar.pattern.Work;
import io.shiftadd.inference.grammar.rule.AnyRule;
import io.shiftadd.inference.grammar.rule.ChoiceRule;
import io.shiftadd.inference.grammar.rule.Rule;
import io.shiftadd.inference.grammar.schema.Schema.Options;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes rules of a JSON schema. What must be met together becomes one rule, known by the set of its assertions, so that
 * schemas that refer to themselves come to an end, and what is the same is made once.
 */
public final class SchemaCompiler implements Conjunction.References {

    /** Characters of a schema: what it lists is kept byte by byte, and looked through for every token. */
    private static final int MAX_LENGTH = 1 << 16;

    /** Some hundred milliseconds. */
    private static final long MAX_WORK = 1_000_000;

    private static final int LONGEST_SHORTEST_TEXT = 1 << 20;

    private final SchemaReader reader;
    private final Work work = new Work(MAX_WORK, "takes more work to compile than one schema may");
    private final Languages languages = new Languages(work);
    private final Meeting meeting = new Meeting(this, languages, work);
    private final NumberRules numbers = new NumberRules();
    private final TextRules texts = new TextRules(languages);
    private final ArrayRules arrays = new ArrayRules(this, languages, texts);
    private final ObjectRules objects = new ObjectRules(this, languages);

    private final List<Rule> made = new ArrayList<>();
    private final Map<Conjunction, ChoiceRule> rules = new HashMap<>();
    private final Map<Conjunction, List<Rule>> leafRules = new HashMap<>();
    private final Deque<Map.Entry<Conjunction, ChoiceRule>> open = new ArrayDeque<>();
    private final Map<ChoiceRule, SchemaException> contradictions = new IdentityHashMap<>();
    private final Map<Options, Options> resolved = new IdentityHashMap<>();
    private final Set<Assertions> checked = new HashSet<>();

    private SchemaCompiler(JsonNode document) {
        this.reader = new SchemaReader(document, work);
    }

    /**
     * @throws SchemaException when it is no schema, uses a keyword that is not supported, nothing can meet it, or it
     * takes too much work
     */
    public static Rule compile(JsonNode document) {
        if (document.toString().length() > MAX_LENGTH) {
            throw new SchemaException("", "is longer than " + MAX_LENGTH + " characters");
        }
        try {
            return new SchemaCompiler(document).compile();
        } catch (Work.Spent e) {
            throw new SchemaException("", e.getMessage() + "; make it smaller, or its choices fewer");
        }
    }

    private Rule compile() {
        Rule root = rule(List.of(reader.root()));
        while (!open.isEmpty()) {
            Map.Entry<Conjunction, ChoiceRule> next = open.remove();
            fill(next.getKey(), next.getValue());
        }
        settle();
        if (root.shortest() >= LONGEST_SHORTEST_TEXT) {
            throw new Blame(contradictions).of(root);
        }
        return root;
    }

    private void settle() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Rule part : made.reversed()) {
                work.charge(1);
                changed |= part.settle();
            }
        }
    }

    <R extends Rule> R keep(R rule) {
        made.add(rule);
        return rule;
    }

    /** The rule of what meets all of these schemas; filled in later. */
    Rule rule(Collection<Schema> schemas) {
        Conjunction all = Conjunction.of(schemas, this);
        if (all.assertions().isEmpty() && all.options().isEmpty()) {
            return AnyRule.VALUE;
        }
        work.charge(all.size());
        ChoiceRule known = rules.get(all);
        if (known == null) {
            known = keep(new ChoiceRule());
            rules.put(all, known);
            open.add(Map.entry(all, known));
        }
        return known;
    }

    private void fill(Conjunction all, ChoiceRule rule) {
        List<Rule> options = new ArrayList<>();
        @Nullable SchemaException first = null;
        for (Conjunction leaf : leaves(all)) {
            try {
                options.addAll(leafRules(leaf));
            } catch (Contradiction e) {
                first = first == null ? e : first;
            }
        }
        work.charge((long) options.size() * options.size());
        rule.options(options);
        if (options.isEmpty()) {
            contradictions.put(rule, first != null ? first : new SchemaException(whereOf(all), "refers to itself"));
        }
    }

    private static String whereOf(Conjunction all) {
        return all.options().isEmpty() ? "" : all.options().iterator().next().where();
    }

    /** Each way to choose among the options, as a conjunction without any. */
    List<Conjunction> leaves(Conjunction all) {
        List<Conjunction> leaves = new ArrayList<>();
        Set<Conjunction> seen = new HashSet<>();
        Deque<Conjunction> toDo = new ArrayDeque<>(List.of(all));
        while (!toDo.isEmpty()) {
            Conjunction next = toDo.pop();
            work.charge(10L * next.size());
            if (!seen.add(next)) {
                continue;
            }
            if (next.options().isEmpty()) {
                leaves.add(next);
                continue;
            }
            Options chosen = next.options().iterator().next();
            Conjunction rest = next.without(chosen);
            for (Schema option : chosen.schemas().reversed()) {
                toDo.push(rest.with(Conjunction.of(List.of(option), this)));
            }
        }
        return leaves;
    }

    private List<Rule> leafRules(Conjunction leaf) {
        List<Rule> known = leafRules.get(leaf);
        if (known == null) {
            known = leaf.assertions().isEmpty() ? List.of(AnyRule.VALUE) : made(List.copyOf(leaf.assertions()), false);
            leafRules.put(leaf, known);
        }
        return known;
    }

    /** @param onlyCheck whether only contradictions are looked for */
    private List<Rule> made(List<Assertions> all, boolean onlyCheck) {
        TypeRules types = new TypeRules(all);
        List<Rule> made = new ArrayList<>();
        @Nullable Contradiction first = null;
        for (Supplier<@Nullable Rule> option : types.options(numbers, texts, arrays, objects, meeting, onlyCheck)) {
            try {
                Rule rule = option.get();
                if (rule != null) {
                    made.add(rule);
                }
            } catch (Contradiction e) {
                first = first == null ? e : first;
            } catch (PatternException e) {
                throw new SchemaException(TextRules.wherePattern(all), String.valueOf(e.getMessage()));
            }
        }
        if (made.isEmpty() && first != null) {
            throw first;
        }
        return made;
    }

    /** What one schema says must not contradict itself, even where nobody needs to meet it. */
    @Override
    public void visit(Schema schema) {
        work.charge(1);
        Assertions own = schema.own();
        if (own != null && !own.never() && checked.add(own)) {
            made(List.of(own), true);
        }
    }

    @Override
    public Schema referred(Schema from) {
        return reader.referred(from);
    }

    @Override
    public Options resolved(Options options) {
        if (!options.exclusive()) {
            return options;
        }
        Options known = resolved.get(options);
        if (known == null) {
            // While the options are told apart, one that refers back to them counts as they are written.
            resolved.put(options, new Options(options.where(), options.schemas(), false));
            known = new Exclusive(this, work).apart(options);
            resolved.put(options, known);
        }
        return known;
    }

    Conjunction conjunction(Collection<Schema> schemas) {
        return Conjunction.of(schemas, this);
    }

    Meeting meeting() {
        return meeting;
    }

    Work work() {
        return work;
    }
}
