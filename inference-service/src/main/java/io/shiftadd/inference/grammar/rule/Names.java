package io.shiftadd.inference.grammar.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An immutable list of names, or of the bytes of one name; a longer list shares the shorter one. */
final class Names {

    static final Names NONE = new Names(null, "");

    private final @Nullable Names before;
    private final String last;
    private final int hash;

    private Names(@Nullable Names before, String last) {
        this.before = before;
        this.last = last;
        this.hash = 31 * (before == null ? 0 : before.hash) + last.hashCode();
    }

    Names with(String name) {
        return new Names(this, name);
    }

    /** All of them, the last first. */
    List<String> all() {
        List<String> names = new ArrayList<>();
        for (Names at = this; at.before != null; at = at.before) {
            names.add(at.last);
        }
        return names;
    }

    /** The bytes of one name as one text. */
    String joined() {
        return String.join("", all().reversed());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Names names) || names.hash != hash) {
            return false;
        }
        Names a = this;
        Names b = names;
        while (a != b && a.before != null && b.before != null) {
            if (!a.last.equals(b.last)) {
                return false;
            }
            a = a.before;
            b = b.before;
        }
        return a == b || Objects.equals(a.before, b.before);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
