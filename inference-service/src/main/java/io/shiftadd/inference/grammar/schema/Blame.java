package io.shiftadd.inference.grammar.schema;

import io.shiftadd.inference.grammar.rule.ArrayRule;
import io.shiftadd.inference.grammar.rule.ChoiceRule;
import io.shiftadd.inference.grammar.rule.ObjectRule;
import io.shiftadd.inference.grammar.rule.Rule;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out why nothing meets a rule: the contradiction in what it cannot do without. */
final class Blame {

    private final Map<ChoiceRule, SchemaException> contradictions;
    private final Set<Rule> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    Blame(Map<ChoiceRule, SchemaException> contradictions) {
        this.contradictions = contradictions;
    }

    SchemaException of(Rule root) {
        SchemaException found = search(root);
        return found != null
                ? found
                : new SchemaException(
                        "",
                        root.possible()
                                ? "asks for texts that are too long: the shortest has " + root.shortest() + " bytes"
                                : "can be met by values only that never end, or are longer than any answer");
    }

    private @Nullable SchemaException search(Rule rule) {
        if (!seen.add(rule)) {
            return null;
        }
        return switch (rule) {
            case ChoiceRule choice -> choice(choice);
            case ObjectRule object -> object(object);
            case ArrayRule array -> array(array);
            default -> null;
        };
    }

    private @Nullable SchemaException choice(ChoiceRule choice) {
        SchemaException known = contradictions.get(choice);
        for (Rule option : choice.options()) {
            known = known == null ? search(option) : known;
        }
        return known;
    }

    private @Nullable SchemaException object(ObjectRule object) {
        SchemaException found = null;
        for (ObjectRule.Property property : object.properties()) {
            if (found == null && property.required() && !property.rule().possible()) {
                found = search(property.rule());
            }
        }
        return found;
    }

    private @Nullable SchemaException array(ArrayRule array) {
        SchemaException found = null;
        for (int i = 0; i < array.minimum() && found == null; i++) {
            found = array.element(i).possible() ? null : search(array.element(i));
        }
        return found;
    }
}
