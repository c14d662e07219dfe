package io.shiftadd.inference.grammar;

import io.shiftadd.inference.grammar.ObjectRule.Property;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An object that has begun.
 *
 * @param index of the next listed property that may come
 * @param others names, as JSON text, of the properties so far that are not listed
 * @param value rule of the value that the key just read announces
 */
record ObjectFrame(ObjectRule rule, Phase phase, int index, Names others, Rule value, int blanks) implements Frame {

    enum Phase {
        BEGUN,
        COMMA,
        KEY,
        COLON,
        VALUE
    }

    static ObjectFrame begun(ObjectRule rule) {
        return new ObjectFrame(rule, Phase.BEGUN, 0, Names.NONE, LiteralRule.NULL, 0);
    }

    private ObjectFrame in(Phase reached, int reachedBlanks) {
        return new ObjectFrame(rule, reached, index, others, value, reachedBlanks);
    }

    /** After the key of a listed property. */
    private ObjectFrame afterKey(int property) {
        return new ObjectFrame(
                rule,
                Phase.KEY,
                property + 1,
                others,
                rule.properties().get(property).rule(),
                0);
    }

    /** After the key of a property that is not listed. */
    ObjectFrame afterKey(String name, Rule rule) {
        return new ObjectFrame(this.rule, Phase.KEY, this.rule.properties().size(), others.with(name), rule, 0);
    }

    /** Names as JSON text that no further property may have. */
    List<String> keys() {
        List<String> keys = new ArrayList<>(others.all());
        rule.properties().forEach(property -> keys.add(property.key()));
        return keys;
    }

    @Override
    public void step(int next, Stack below, List<Stack> out) {
        if (Whitespace.is(next)) {
            int longer = Whitespace.longer(blanks, next);
            if (longer > 0) {
                out.add(below.push(in(phase, longer)));
            }
            return;
        }
        switch (phase) {
            case BEGUN, COMMA -> {
                if (next == '"') {
                    keys(below, out);
                } else if (next == '}' && phase == Phase.BEGUN && firstRequired() < 0) {
                    out.add(below);
                }
            }
            case KEY -> {
                if (next == ':') {
                    out.add(below.push(in(Phase.COLON, 0)));
                }
            }
            case COLON -> value.start(next, below.push(in(Phase.VALUE, 0)), out);
            case VALUE -> {
                if (next == '}' && firstRequired() < 0) {
                    out.add(below);
                } else if (next == ',' && canGoOn()) {
                    out.add(below.push(in(Phase.COMMA, 0)));
                }
            }
        }
    }

    private void keys(Stack below, List<Stack> out) {
        List<Property> listed = rule.properties();
        for (int i = index; i < listed.size(); i++) {
            Property property = listed.get(i);
            if (property.rule().shortest() < ENDLESS) {
                String rest = property.key().substring(1);
                out.add(below.push(afterKey(i)).push(LiteralRule.rest(rest)));
            }
            if (property.required()) {
                return;
            }
        }
        Rule other = rule.others();
        if (other != null && other.shortest() < ENDLESS) {
            out.add(below.push(KeyFrame.begun(this, other)));
        }
    }

    private boolean canGoOn() {
        Rule other = rule.others();
        return index < rule.properties().size() || other != null && other.shortest() < ENDLESS;
    }

    /** Index of the first required property that has not come yet; −1 when all have. */
    private int firstRequired() {
        List<Property> listed = rule.properties();
        for (int i = index; i < listed.size(); i++) {
            if (listed.get(i).required()) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public int shortest() {
        int length = 1;
        if (phase == Phase.KEY || phase == Phase.COLON) {
            length = Frame.sum(length, (phase == Phase.KEY ? 1 : 0) + value.shortest());
        }
        boolean comma = phase != Phase.BEGUN && phase != Phase.COMMA;
        boolean any = false;
        for (int i = index; i < rule.properties().size(); i++) {
            Property property = rule.properties().get(i);
            if (property.required()) {
                length = Frame.sum(length, lengthOf(property, comma));
                comma = true;
                any = true;
            }
        }
        return phase == Phase.COMMA && !any ? Frame.sum(length, shortestNext()) : length;
    }

    private static int lengthOf(Property property, boolean comma) {
        int key = property.key().getBytes(StandardCharsets.UTF_8).length;
        return Frame.sum(key + (comma ? 2 : 1), property.rule().shortest());
    }

    /** After a comma something must come, though nothing is required: the shortest of what may. */
    private int shortestNext() {
        int best = ENDLESS;
        for (int i = index; i < rule.properties().size(); i++) {
            best = Math.min(best, lengthOf(rule.properties().get(i), false));
        }
        Rule other = rule.others();
        if (other != null) {
            best = Math.min(best, Frame.sum(unusedKey().length() + 1, other.shortest()));
        }
        return best;
    }

    @Override
    public void complete(ByteArrayOutputStream out) {
        if (phase == Phase.KEY) {
            out.write(':');
        }
        if (phase == Phase.KEY || phase == Phase.COLON) {
            value.writeShortest(out);
        }
        boolean comma = phase != Phase.BEGUN && phase != Phase.COMMA;
        boolean any = false;
        for (int i = index; i < rule.properties().size(); i++) {
            Property property = rule.properties().get(i);
            if (property.required()) {
                write(property, comma, out);
                comma = true;
                any = true;
            }
        }
        if (phase == Phase.COMMA && !any) {
            writeNext(out);
        }
        out.write('}');
    }

    private static void write(Property property, boolean comma, ByteArrayOutputStream out) {
        out.writeBytes(((comma ? "," : "") + property.key() + ":").getBytes(StandardCharsets.UTF_8));
        property.rule().writeShortest(out);
    }

    private void writeNext(ByteArrayOutputStream out) {
        int best = shortestNext();
        for (int i = index; i < rule.properties().size(); i++) {
            if (lengthOf(rule.properties().get(i), false) == best) {
                write(rule.properties().get(i), false, out);
                return;
            }
        }
        Rule other = rule.others();
        if (other != null) {
            write(new Property(unusedKey(), other, true), false, out);
        }
    }

    private String unusedKey() {
        List<String> taken = keys().stream().map(KeyFrame::bytesWithinQuotes).toList();
        return "\"" + KeyFrame.unused(taken) + "\"";
    }
}
