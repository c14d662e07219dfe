package io.shiftadd.inference.grammar.rule;

import io.shiftadd.inference.grammar.rule.ObjectRule.Others;
import io.shiftadd.inference.grammar.rule.ObjectRule.Property;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The properties that complete an object. */
final class ObjectCompletion {

    private ObjectCompletion() {}

    /**
     * The required properties that are missing and so many others, the shortest there are, in an order they may come
     * in.
     *
     * @return null when there are not so many
     */
    static @Nullable List<Property> of(ObjectFrame frame, int optional) {
        ObjectRule rule = frame.rule();
        if (rule.counts()
                && frame.count() + rule.requiredCount(frame.index()) + Math.max(0, optional) > rule.maximum()) {
            return null;
        }
        List<Property> listed =
                rule.properties().subList(frame.index(), rule.properties().size());
        List<Property> candidates = new ArrayList<>();
        if (optional > 0) {
            listed.stream()
                    .filter(property -> !property.required() && property.rule().possible())
                    .forEach(candidates::add);
            addOthers(frame, optional, candidates);
            candidates.sort(Comparator.comparingInt(Property::length));
            if (candidates.size() < optional) {
                return null;
            }
        }
        Set<Property> chosen = new HashSet<>(candidates.subList(0, Math.max(0, optional)));
        List<Property> all = new ArrayList<>();
        for (Property property : listed) {
            if (property.required() || chosen.remove(property)) {
                all.add(property);
            }
        }
        candidates.stream().filter(chosen::contains).forEach(all::add);
        return all;
    }

    private static void addOthers(ObjectFrame frame, int most, List<Property> candidates) {
        Set<String> taken = frame.taken();
        for (Others others : frame.rule().others()) {
            for (int i = 0; i < most && others.rule().possible(); i++) {
                String name = others.names().completionExcept(0, taken);
                if (name == null) {
                    break;
                }
                taken.add(name);
                candidates.add(new Property('"' + name + '"', others.rule(), true));
            }
        }
    }
}
