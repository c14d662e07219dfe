package io.shiftadd.tokenizer.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** The only thing that a template may change: {@code {% set ns.found = true %}}. */
final class Namespace {

    private final Map<String, Object> values = new LinkedHashMap<>();

    Object get(String name) {
        Object value = values.get(name);
        return value == null ? new Undefined("the namespace has no '" + name + "'") : value;
    }

    void set(String name, Object value) {
        values.put(name, value);
    }
}
