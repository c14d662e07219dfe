package io.shiftadd.inference.grammar.schema;

import io.shiftadd.inference.grammar.pattern.Work;
import io.shiftadd.inference.grammar.schema.Schema.Options;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Options of which a value may meet one only. They are a plain choice where no value can meet two: their types, their
 * listed values or the listed values of a property that both require are different. A property that is listed in both
 * but not required is made required: that leaves values out, and lets in none that the schema forbids.
 */
final class Exclusive {

    private final SchemaCompiler compiler;
    private final Work work;

    Exclusive(SchemaCompiler compiler, Work work) {
        this.compiler = compiler;
        this.work = work;
    }

    /** What is told apart: an option and the ways to meet it. */
    private record Option(Schema schema, List<Traits> ways) {}

    Options apart(Options options) {
        List<Option> all = new ArrayList<>();
        for (Schema schema : options.schemas()) {
            List<Traits> ways = compiler.leaves(compiler.conjunction(List.of(schema))).stream()
                    .map(way -> Traits.of(way, compiler))
                    .filter(way -> !way.types().isEmpty())
                    .toList();
            if (!ways.isEmpty()) {
                all.add(new Option(schema, ways));
            }
        }
        if (all.isEmpty()) {
            throw new Contradiction(options.where(), "has no option that anything can meet");
        }
        Set<String> needed = new LinkedHashSet<>();
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                requireApart(all.get(i), all.get(j), needed, options.where());
            }
        }
        List<Schema> schemas =
                all.stream().map(option -> requiring(option, needed)).toList();
        return new Options(options.where(), schemas, false);
    }

    private void requireApart(Option a, Option b, Set<String> needed, String where) {
        for (Traits one : a.ways()) {
            for (Traits other : b.ways()) {
                work.charge(3);
                if (!apart(one, other, needed)) {
                    throw new SchemaException(
                            where,
                            "is supported where no value meets two of its schemas, and '"
                                    + a.schema().where() + "' and '"
                                    + b.schema().where()
                                    + "' are not told apart by type, const, enum or a property with const or enum in"
                                    + " both; use anyOf if a value may meet both");
                }
            }
        }
    }

    private boolean apart(Traits a, Traits b, Set<String> needed) {
        Set<Type> types = EnumSet.copyOf(a.types());
        types.retainAll(b.types());
        if (types.isEmpty() || a.valuesDiffer(b)) {
            return true;
        }
        if (!types.equals(EnumSet.of(Type.OBJECT))) {
            return false;
        }
        List<String> telling = a.telling(b);
        if (telling.isEmpty()) {
            return false;
        }
        work.charge(telling.size());
        boolean required = telling.stream()
                .anyMatch(name -> a.required().contains(name) && b.required().contains(name));
        if (!required && telling.stream().noneMatch(needed::contains)) {
            needed.add(telling.getFirst());
        }
        return true;
    }

    private static Schema requiring(Option option, Set<String> needed) {
        List<Schema> parts = new ArrayList<>(List.of(option.schema()));
        String where = option.schema().where();
        for (String name : needed) {
            boolean missing = option.ways().stream()
                    .anyMatch(way -> way.properties().containsKey(name)
                            && !way.required().contains(name));
            if (missing) {
                parts.add(new Schema(where, Assertions.requiring(where, name), null, List.of(), List.of()));
            }
        }
        return parts.size() == 1 ? parts.getFirst() : new Schema(where, null, null, parts, List.of());
    }
}
