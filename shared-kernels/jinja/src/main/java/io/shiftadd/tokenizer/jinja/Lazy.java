package io.shiftadd.tokenizer.jinja;

import java.util.List;

/**
 * What filters such as {@code map} and {@code select} give: in Python a generator, which can be walked through and is
 * true whether or not it is empty, but has no length and no items by index. Here its items are computed at once.
 */
record Lazy(List<Object> items) {}
