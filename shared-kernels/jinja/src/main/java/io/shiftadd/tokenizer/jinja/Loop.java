package io.shiftadd.tokenizer.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The variable {@code loop}. Looks ahead only when asked for what comes, because the loop's condition may depend on
 * what its body does.
 */
final class Loop {

    private final Iterator<Object> values;
    private final Budget budget;
    private final int depth0;
    private final @Nullable Callable recursion;
    private final Deque<Object> ahead = new ArrayDeque<>();
    private long index0 = -1;
    private Object previous = new Undefined("there is no previous item");
    private Object current = new Undefined("there is no item");
    private @Nullable List<Object> lastChanged;

    /**
     * @param recursion renders the loop's body for other values; null when the loop is not recursive
     */
    Loop(Iterator<Object> values, int depth0, @Nullable Callable recursion, Budget budget) {
        this.values = values;
        this.depth0 = depth0;
        this.recursion = recursion;
        this.budget = budget;
    }

    boolean hasNext() {
        return !ahead.isEmpty() || values.hasNext();
    }

    Object next() {
        if (index0 >= 0) {
            previous = current;
        }
        index0++;
        current = ahead.isEmpty() ? values.next() : ahead.poll();
        return current;
    }

    long length() {
        while (values.hasNext()) {
            budget.charge(1);
            ahead.add(values.next());
        }
        return index0 + 1 + ahead.size();
    }

    Object attribute(String name) {
        return switch (name) {
            case "index" -> index0 + 1;
            case "index0" -> index0;
            case "revindex" -> length() - index0;
            case "revindex0" -> length() - index0 - 1;
            case "first" -> index0 == 0;
            case "last" -> !hasNext();
            case "length" -> length();
            case "depth" -> (long) depth0 + 1;
            case "depth0" -> (long) depth0;
            case "previtem" -> previous;
            case "nextitem" -> nextItem();
            case "cycle" -> (Callable) this::cycle;
            case "changed" -> (Callable) this::changed;
            default -> new Undefined("the loop has no '" + name + "'");
        };
    }

    private Object nextItem() {
        if (!hasNext()) {
            return new Undefined("there is no next item");
        }
        if (ahead.isEmpty()) {
            ahead.add(values.next());
        }
        return ahead.peek();
    }

    private Object cycle(Arguments arguments) {
        List<Object> items = arguments.positional(1, Integer.MAX_VALUE);
        return items.get((int) (index0 % items.size()));
    }

    private Object changed(Arguments arguments) {
        List<Object> now = arguments.values();
        boolean isChanged = lastChanged == null || !Values.equal(lastChanged, now, budget);
        lastChanged = now;
        return isChanged;
    }

    Object recurse(Arguments arguments) {
        if (recursion == null) {
            throw new JinjaException("a loop needs the mark 'recursive' to be called");
        }
        return recursion.call(arguments);
    }
}
