package io.shiftadd.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object: the schema's properties in its order, optional ones possibly left out, then, when the schema allows them,
 * others under names of their own. No name comes twice.
 */
final class ObjectRule implements Rule {

    private final List<Property> properties;
    private final @Nullable Rule others;
    private int shortest = Frame.ENDLESS;

    /** @param key the name as JSON text, with its quotes */
    record Property(String key, Rule rule, boolean required) {}

    private ObjectRule(List<Property> properties, @Nullable Rule others) {
        this.properties = List.copyOf(properties);
        this.others = others;
    }

    /** @param others rule of properties that are not listed; null = there are none */
    static ObjectRule of(List<Property> properties, @Nullable Rule others) {
        return new ObjectRule(properties, others);
    }

    @Override
    public void start(int first, Stack below, List<Stack> out) {
        if (first == '{') {
            out.add(below.push(ObjectFrame.begun(this)));
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
        shortest = Frame.sum(1, ObjectFrame.begun(this).shortest());
        return shortest != before;
    }

    List<Property> properties() {
        return properties;
    }

    @Nullable
    Rule others() {
        return others;
    }
}
