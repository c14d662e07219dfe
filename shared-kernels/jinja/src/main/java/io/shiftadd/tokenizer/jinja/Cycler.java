package io.shiftadd.tokenizer.jinja;

import java.util.List;

/** Jinja's {@code cycler('a', 'b')}: gives its items in turn, for ever. */
final class Cycler {

    private final List<Object> items;
    private int at;

    Cycler(List<Object> items) {
        if (items.isEmpty()) {
            throw new JinjaException("cycler: there are no items");
        }
        this.items = List.copyOf(items);
    }

    Object attribute(String name) {
        return switch (name) {
            case "current" -> items.get(at);
            case "next" ->
                (Callable) arguments -> {
                    arguments.positional(0, 0);
                    Object item = items.get(at);
                    at = (at + 1) % items.size();
                    return item;
                };
            case "reset" ->
                (Callable) arguments -> {
                    arguments.positional(0, 0);
                    at = 0;
                    return None.NONE;
                };
            default -> new Undefined("a cycler has no '" + name + "'");
        };
    }
}
