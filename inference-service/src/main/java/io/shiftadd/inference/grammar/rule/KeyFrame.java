package io.shiftadd.inference.grammar.rule;

import io.shiftadd.inference.grammar.rule.ObjectRule.Others;
import java.io.ByteArrayOutputStream;
import java.util.Objects;

/**
 * A key that no property lists, after its opening quote; no name comes twice.
 *
 * @param object where the key belongs; not on the stack until the key is complete
 */
record KeyFrame(ObjectFrame object, Others others, NewText name) implements Frame {

    static KeyFrame begun(ObjectFrame object, Others others) {
        return new KeyFrame(object, others, NewText.begun(others.names(), object.taken()));
    }

    @Override
    public void step(int next, Stacks below, Reached out) {
        if (next == '"' && name.isBetweenCharacters()) {
            if (name.mayEnd()) {
                out.add(after(name.text()), below);
            }
            return;
        }
        NewText longer = name.with(next);
        if (longer != null) {
            out.add(new KeyFrame(object, others, longer), below);
        }
    }

    @Override
    public int shortest() {
        if (name.differs() && !object.rule().counts()) {
            return Rule.sum(name.nearest() + 1, after("").shortest());
        }
        byte[] rest = name.rest();
        return rest == null
                ? Rule.ENDLESS
                : Rule.sum(rest.length + 1, after(name.textWith(rest)).shortest());
    }

    private ObjectFrame after(String whole) {
        return object.afterKey(whole, others.rule());
    }

    @Override
    public void complete(ByteArrayOutputStream out) {
        byte[] rest = Objects.requireNonNull(name.rest());
        out.writeBytes(rest);
        out.write('"');
        after(name.textWith(rest)).complete(out);
    }
}
