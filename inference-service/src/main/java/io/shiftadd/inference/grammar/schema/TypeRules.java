package io.shiftadd.inference.grammar.schema;

import io.shiftadd.inference.grammar.rule.LiteralRule;
import io.shiftadd.inference.grammar.rule.Rule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What several assertions come to together: values written out, or a rule for each type that all of them allow. */
final class TypeRules {

    private final List<Assertions> all;

    TypeRules(List<Assertions> all) {
        this.all = all;
    }

    List<Supplier<@Nullable Rule>> options(
            NumberRules numbers,
            TextRules texts,
            ArrayRules arrays,
            ObjectRules objects,
            Meeting meeting,
            boolean onlyCheck) {
        all.stream().filter(Assertions::never).findFirst().ifPresent(never -> {
            throw new Contradiction(never.where(), "is false, which allows nothing");
        });
        Set<Type> types = types();
        Assertions listing =
                all.stream().filter(a -> a.values() != null).findFirst().orElse(null);
        if (listing != null) {
            return List.of(() -> values(listing, meeting));
        }
        List<Supplier<@Nullable Rule>> options = new ArrayList<>();
        if (types.contains(Type.OBJECT)) {
            options.add(() -> objects.of(all, onlyCheck));
        }
        if (types.contains(Type.ARRAY)) {
            options.add(() -> arrays.of(all, onlyCheck));
        }
        if (types.contains(Type.STRING)) {
            options.add(() -> texts.of(all));
        }
        if (types.contains(Type.NUMBER) || types.contains(Type.INTEGER)) {
            options.add(() -> numbers.of(all, !types.contains(Type.NUMBER)));
        }
        if (types.contains(Type.BOOLEAN)) {
            options.add(() -> LiteralRule.BOOLEAN);
        }
        if (types.contains(Type.NULL)) {
            options.add(() -> LiteralRule.NULL);
        }
        return options;
    }

    /** Without a type, keywords bind values of one type only; values of that type meet them. */
    private Set<Type> types() {
        Set<Type> types = Type.all();
        Set<Type> implied = EnumSet.noneOf(Type.class);
        @Nullable Assertions restricting = null;
        for (Assertions assertions : all) {
            implied.addAll(assertions.implied());
            Set<Type> own = assertions.types();
            if (own == null) {
                continue;
            }
            Set<Type> before = EnumSet.copyOf(types);
            types.retainAll(own);
            if (types.isEmpty()) {
                throw new Contradiction(
                        assertions.where() + "/type",
                        "allows none of the types that '" + (restricting == null ? "" : restricting.where())
                                + "/type' allows: " + words(before));
            }
            restricting = assertions;
        }
        boolean anyType = all.stream().allMatch(a -> a.types() == null);
        return anyType && !implied.isEmpty() ? implied : types;
    }

    private static String words(Set<Type> types) {
        return String.join(", ", types.stream().map(Type::word).toList());
    }

    private Rule values(Assertions listing, Meeting meeting) {
        List<String> texts = new ArrayList<>();
        for (JsonNode value : Objects.requireNonNull(listing.values())) {
            if (all.stream().allMatch(assertions -> meeting.meets(value, assertions))) {
                texts.add(JsonEquality.text(value));
            }
        }
        if (texts.isEmpty()) {
            String beside = all.size() == 1
                    ? "the other keywords beside it"
                    : "what stands beside it at " + String.join(" and ", others(listing));
            String keyword = Objects.requireNonNull(listing.values()).size() == 1 ? "const or enum" : "enum";
            throw new Contradiction(listing.where(), "has no value in its " + keyword + " that meets " + beside);
        }
        return new LiteralRule(texts);
    }

    private List<String> others(Assertions listing) {
        return all.stream()
                .filter(assertions -> assertions != listing)
                .map(assertions -> "'" + assertions.where() + "'")
                .toList();
    }
}
