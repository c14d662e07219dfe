package io.shiftadd.inference.grammar.rule;

import io.shiftadd.inference.grammar.rule.ObjectRule.Others;
import io.shiftadd.inference.grammar.rule.ObjectRule.Property;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An object that has begun.
 *
 * @param index of the next listed property that may come
 * @param count properties that have begun; stays 0 where their number does not matter, so that positions are equal
 * @param names of the properties so far that are not listed, without quotes
 * @param value rule of the value that the key just read announces
 */
record ObjectFrame(ObjectRule rule, Phase phase, int index, int count, Names names, Rule value, int blanks)
        implements Frame {

    enum Phase {
        BEGUN,
        COMMA,
        KEY,
        COLON,
        VALUE
    }

    static ObjectFrame begun(ObjectRule rule) {
        return new ObjectFrame(rule, Phase.BEGUN, 0, 0, Names.NONE, LiteralRule.NULL, 0);
    }

    private ObjectFrame in(Phase reached, int reachedBlanks) {
        return new ObjectFrame(rule, reached, index, count, names, value, reachedBlanks);
    }

    /** After the key of a listed property. */
    ObjectFrame afterKey(int property) {
        Rule announced = rule.properties().get(property).rule();
        return new ObjectFrame(rule, Phase.KEY, property + 1, counted(), names, announced, 0);
    }

    /** After the key of a property that is not listed. */
    ObjectFrame afterKey(String name, Rule announced) {
        return new ObjectFrame(rule, Phase.KEY, rule.properties().size(), counted(), names.with(name), announced, 0);
    }

    private int counted() {
        return rule.counts() ? count + 1 : 0;
    }

    /** Names that no further property may have which is not listed. */
    Set<String> taken() {
        Set<String> taken = new HashSet<>(names.all());
        for (Property property : rule.properties()) {
            taken.add(property.key().substring(1, property.key().length() - 1));
        }
        return taken;
    }

    @Override
    public void step(int next, Stacks below, Reached out) {
        if (Whitespace.is(next)) {
            int longer = Whitespace.longer(blanks, next);
            if (longer > 0) {
                out.add(in(phase, longer), below);
            }
            return;
        }
        switch (phase) {
            case BEGUN, COMMA -> {
                if (next == '"') {
                    keys(below, out);
                } else if (next == '}' && phase == Phase.BEGUN && mayClose()) {
                    out.add(below);
                }
            }
            case KEY -> {
                if (next == ':') {
                    out.add(in(Phase.COLON, 0), below);
                }
            }
            case COLON -> value.start(next, below.push(in(Phase.VALUE, 0)), out);
            case VALUE -> {
                if (next == '}' && mayClose()) {
                    out.add(below);
                } else if (next == ',' && mayGoOn()) {
                    out.add(in(Phase.COMMA, 0), below);
                }
            }
        }
    }

    private boolean mayClose() {
        return rule.requiredCount(index) == 0 && count >= rule.minimum();
    }

    private boolean mayGoOn() {
        boolean more = index < rule.properties().size() || !rule.others().isEmpty();
        return more && (!rule.counts() || count < rule.maximum());
    }

    /** Whether a property that is not required may come next. */
    private boolean hasRoom() {
        return !rule.counts() || count + rule.requiredCount(index) < rule.maximum();
    }

    private void keys(Stacks below, Reached out) {
        out.add(new ListedKeyFrame(this, rule.keys()), below);
        if (rule.requiredCount(index) == 0 && hasRoom()) {
            for (Others other : rule.others()) {
                if (other.rule().possible()) {
                    out.add(KeyFrame.begun(this, other), below);
                }
            }
        }
    }

    /** Whether a listed property may be the next one. */
    boolean mayCome(int property) {
        boolean skipsRequired = rule.requiredCount(index) > rule.requiredCount(property);
        Property listed = rule.properties().get(property);
        if (property < index || skipsRequired || !listed.rule().possible() || !listed.required() && !hasRoom()) {
            return false;
        }
        return !rule.counts() || afterKey(property).shortest() < Rule.ENDLESS;
    }

    @Override
    public int shortest() {
        int length = 1;
        if (phase == Phase.KEY || phase == Phase.COLON) {
            length = Rule.sum(length, (phase == Phase.KEY ? 1 : 0) + value.shortest());
        }
        if (length >= Rule.ENDLESS) {
            return length;
        }
        int needed = missing();
        length = Rule.sum(length, rule.requiredLength(index));
        int saved = followsComma() && rule.requiredCount(index) + needed > 0 ? 1 : 0;
        if (needed > 0) {
            List<Property> all = ObjectCompletion.of(this, needed);
            if (all == null) {
                return Rule.ENDLESS;
            }
            length = 1
                    + (phase == Phase.KEY ? 1 : 0)
                    + (phase == Phase.KEY || phase == Phase.COLON ? value.shortest() : 0);
            for (Property property : all) {
                length = Rule.sum(length, property.length());
            }
        }
        return length >= Rule.ENDLESS ? length : length - saved;
    }

    /** Whether no comma is needed before the next property. */
    private boolean followsComma() {
        return phase == Phase.BEGUN || phase == Phase.COMMA;
    }

    /** Properties that are not required and must come all the same. */
    private int missing() {
        int toMinimum = rule.minimum() - count - rule.requiredCount(index);
        int afterComma = phase == Phase.COMMA && rule.requiredCount(index) == 0 ? 1 : 0;
        return Math.max(afterComma, toMinimum);
    }

    @Override
    public void complete(ByteArrayOutputStream out) {
        if (phase == Phase.KEY) {
            out.write(':');
        }
        if (phase == Phase.KEY || phase == Phase.COLON) {
            value.writeShortest(out);
        }
        List<Property> all = ObjectCompletion.of(this, missing());
        if (all == null) {
            throw new IllegalStateException("nothing completes this object");
        }
        boolean comma = !followsComma();
        for (Property property : all) {
            out.writeBytes(((comma ? "," : "") + property.key() + ":").getBytes(StandardCharsets.UTF_8));
            property.rule().writeShortest(out);
            comma = true;
        }
        out.write('}');
    }

    /** The key of a listed property, after its opening quote. */
    private record ListedKeyFrame(ObjectFrame object, Words at) implements Frame {

        @Override
        public void step(int next, Stacks below, Reached out) {
            Words reached = at.next(next);
            if (reached == null) {
                return;
            }
            if (reached.word() == Words.NONE) {
                out.add(new ListedKeyFrame(object, reached), below);
            } else if (object.mayCome(reached.word())) {
                out.add(object.afterKey(reached.word()), below);
            }
        }

        /** The first property that may come, or {@link Words#NONE}. */
        private int first() {
            return at.from(object.index).filter(object::mayCome).findFirst().orElse(Words.NONE);
        }

        @Override
        public int shortest() {
            int property = first();
            if (property == Words.NONE) {
                return Rule.ENDLESS;
            }
            return Rule.sum(rest(property).length, object.afterKey(property).shortest());
        }

        @Override
        public void complete(ByteArrayOutputStream out) {
            int property = first();
            out.writeBytes(rest(property));
            object.afterKey(property).complete(out);
        }

        private byte[] rest(int property) {
            return at.rest(object.rule.properties().get(property).key().substring(1));
        }
    }
}
