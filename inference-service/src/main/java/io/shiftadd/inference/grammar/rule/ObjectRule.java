package io.shiftadd.inference.grammar.rule;

import io.shiftadd.inference.grammar.pattern.Automaton;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object: the schema's properties in its order, optional ones possibly left out, then, when the schema allows them,
 * others under names of their own. No name comes twice.
 */
public final class ObjectRule implements Rule {

    public static final int UNLIMITED = Integer.MAX_VALUE;

    private final List<Property> properties;
    private final List<Others> others;
    private final int minimum;
    private final int maximum;
    private int shortest = ENDLESS;
    /** By index: bytes of the required properties from there on, each with a comma, and their number. */
    private final int[] requiredLength;

    private final int[] requiredCount;
    private volatile @Nullable Words keys;

    /** @param key the name as JSON text, with its quotes */
    public record Property(String key, Rule rule, boolean required) {

        int length() {
            return Rule.sum(key.getBytes(StandardCharsets.UTF_8).length + 2, rule.shortest());
        }
    }

    /** Properties that are not listed: their names, none of which needs an escape, and their values. */
    public record Others(Automaton names, Rule rule) {}

    /**
     * @param others sets of names that do not overlap
     * @param minimum number of properties
     */
    public ObjectRule(List<Property> properties, List<Others> others, int minimum, int maximum) {
        this.properties = List.copyOf(properties);
        this.others = List.copyOf(others);
        this.minimum = minimum;
        this.maximum = maximum;
        this.requiredLength = new int[properties.size() + 1];
        this.requiredCount = new int[properties.size() + 1];
        for (int i = properties.size() - 1; i >= 0; i--) {
            requiredCount[i] = requiredCount[i + 1] + (properties.get(i).required() ? 1 : 0);
        }
    }

    @Override
    public void start(int first, Stacks below, Reached out) {
        if (first == '{') {
            out.add(ObjectFrame.begun(this), below);
        }
    }

    @Override
    public int shortest() {
        return shortest;
    }

    @Override
    public void writeShortest(ByteArrayOutputStream out) {
        out.write('{');
        ObjectFrame.begun(this).complete(out);
    }

    @Override
    public boolean settle() {
        int before = shortest;
        for (int i = properties.size() - 1; i >= 0; i--) {
            Property property = properties.get(i);
            requiredLength[i] =
                    property.required() ? Rule.sum(requiredLength[i + 1], property.length()) : requiredLength[i + 1];
        }
        shortest = Rule.sum(1, ObjectFrame.begun(this).shortest());
        return shortest != before;
    }

    public List<Property> properties() {
        return properties;
    }

    List<Others> others() {
        return others;
    }

    int minimum() {
        return minimum;
    }

    int maximum() {
        return maximum;
    }

    /** Whether the number of properties matters. */
    boolean counts() {
        return minimum > 0 || maximum < UNLIMITED;
    }

    int requiredLength(int from) {
        return requiredLength[from];
    }

    int requiredCount(int from) {
        return requiredCount[from];
    }

    /** Names of the listed properties after their opening quotes. Made at the first use. */
    Words keys() {
        Words made = keys;
        if (made == null) {
            made = Words.of(properties.stream()
                    .map(property -> property.key().substring(1))
                    .toList());
            keys = made;
        }
        return made;
    }
}
