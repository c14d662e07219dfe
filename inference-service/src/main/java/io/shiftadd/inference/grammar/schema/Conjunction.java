package io.shiftadd.inference.grammar.schema;

import io.shiftadd.inference.grammar.schema.Schema.Options;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Schemas that must all be met, references followed: assertions, and lists of options of which one each must be met.
 *
 * @param assertions in the order in which they were written
 */
record Conjunction(Set<Assertions> assertions, Set<Options> options) {

    /** All of these and another one. */
    Conjunction with(Conjunction other) {
        Set<Assertions> all = new LinkedHashSet<>(assertions);
        all.addAll(other.assertions);
        Set<Options> choices = new LinkedHashSet<>(options);
        choices.addAll(other.options);
        return new Conjunction(all, choices);
    }

    Conjunction without(Options chosen) {
        Set<Options> rest = new LinkedHashSet<>(options);
        rest.remove(chosen);
        return new Conjunction(assertions, rest);
    }

    int size() {
        return 1 + assertions.size() + options.size();
    }

    static Conjunction of(Collection<Schema> schemas, References references) {
        Conjunction all = new Conjunction(new LinkedHashSet<>(), new LinkedHashSet<>());
        Set<Schema> done = new LinkedHashSet<>();
        for (Schema schema : schemas) {
            all.gather(schema, references, done, new LinkedHashSet<>());
        }
        return all;
    }

    /** Where references lead, and what a list of options comes to. */
    interface References {
        Schema referred(Schema from);

        Options resolved(Options options);

        void visit(Schema schema);
    }

    private void gather(Schema schema, References references, Set<Schema> done, Set<Schema> path) {
        if (!path.add(schema)) {
            throw new SchemaException(schema.where() + (schema.reference() == null ? "" : "/$ref"), "refers to itself");
        }
        if (done.add(schema)) {
            references.visit(schema);
            if (schema.own() != null) {
                assertions.add(schema.own());
            }
            for (Options written : schema.options()) {
                Options resolved = references.resolved(written);
                if (resolved.schemas().size() == 1) {
                    gather(resolved.schemas().getFirst(), references, done, path);
                } else {
                    options.add(resolved);
                }
            }
            schema.all().forEach(part -> gather(part, references, done, path));
            if (schema.reference() != null) {
                gather(references.referred(schema), references, done, path);
            }
        }
        path.remove(schema);
    }
}
