package io.shiftadd.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a dot or in square brackets. There is no way from here to a Java object: attributes are those
 * named in this package.
 */
final class Members {

    private final Budget budget;
    private final TextMethods texts;

    Members(Budget budget) {
        this.budget = budget;
        this.texts = new TextMethods(budget);
    }

    /** {@code target.name}: a method, else an item. */
    Object attribute(Object target, String name) {
        if (target instanceof Undefined nothing) {
            throw nothing.failure();
        }
        Object own = own(target, name);
        if (own != null) {
            return own;
        }
        Object item = target instanceof Map<?, ?> map ? map.get(name) : null;
        return item == null ? missing(target, name) : item;
    }

    private static Undefined missing(Object target, Object name) {
        if (name instanceof String text && text.startsWith("__")) {
            return new Undefined("access to '" + text + "' is not allowed");
        }
        if (name instanceof Long number && (target instanceof List || target instanceof String)) {
            return new Undefined("index " + number + " is out of range: " + Values.typeName(target) + " has "
                    + Values.length(target) + (target instanceof List ? " items" : " characters"));
        }
        return new Undefined(Values.typeName(target) + " has no '" + (name instanceof String ? name : "item") + "'");
    }

    private @Nullable Object own(Object target, String name) {
        return switch (target) {
            case Namespace namespace -> namespace.get(name);
            case Loop loop -> loop.attribute(name);
            case Cycler cycler -> cycler.attribute(name);
            case String text -> texts.method(text, name);
            case Map<?, ?> map -> MapMethods.method(map, name, budget);
            case List<?> list -> listMethod(list, name);
            default -> null;
        };
    }

    private @Nullable Callable listMethod(List<?> list, String name) {
        return switch (name) {
            case "index" ->
                arguments -> {
                    Object item = arguments.positional(1, 1).getFirst();
                    for (int i = 0; i < list.size(); i++) {
                        if (Values.equal(list.get(i), item, budget)) {
                            return (long) i;
                        }
                    }
                    throw new JinjaException("the list has no such item");
                };
            case "count" ->
                arguments -> {
                    Object item = arguments.positional(1, 1).getFirst();
                    return list.stream()
                            .filter(candidate -> Values.equal(candidate, item, budget))
                            .count();
                };
            case "copy" ->
                arguments -> {
                    budget.charge(list.size());
                    return new ArrayList<>(list);
                };
            case "append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort" ->
                arguments -> {
                    throw new JinjaException("a template may not change a list ('" + name + "')");
                };
            default -> null;
        };
    }

    /** {@code target[index]}: an item, else a method. */
    Object item(Object target, Object index) {
        if (target instanceof Undefined nothing) {
            throw nothing.failure();
        }
        if (target instanceof Map<?, ?> map) {
            Object item = index instanceof List || index instanceof Map ? null : map.get(Values.key(index));
            if (item != null) {
                return item;
            }
        } else if (index instanceof Long || index instanceof Boolean) {
            return byNumber(target, Values.integer(index));
        }
        Object own = index instanceof String name ? own(target, name) : null;
        return own == null ? missing(target, index) : own;
    }

    private Object byNumber(Object target, long index) {
        if (!(target instanceof String || target instanceof List)) {
            return missing(target, index);
        }
        long length = Values.length(target);
        long at = index < 0 ? index + length : index;
        if (at < 0 || at >= length) {
            return missing(target, index);
        }
        if (target instanceof List<?> list) {
            return list.get((int) at);
        }
        String text = (String) target;
        budget.charge(at);
        return Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) at)));
    }

    /** {@code target[from:to:step]} as Python's, with its defaults for what is null. */
    Object slice(Object target, @Nullable Long from, @Nullable Long to, @Nullable Long step) {
        if (target instanceof Undefined nothing) {
            throw nothing.failure();
        }
        if (!(target instanceof String || target instanceof List)) {
            return missing(target, "slice");
        }
        long stride = step == null ? 1 : step;
        if (stride == 0) {
            throw new JinjaException("the step of a slice is zero");
        }
        List<Object> items = Values.items(target, budget);
        int length = items.size();
        int least = stride > 0 ? 0 : -1;
        int most = stride > 0 ? length : length - 1;
        long at = from == null ? (stride > 0 ? least : most) : Math.clamp(from < 0 ? from + length : from, least, most);
        long end = to == null ? (stride > 0 ? most : least) : Math.clamp(to < 0 ? to + length : to, least, most);
        List<Object> slice = new ArrayList<>();
        while (stride > 0 ? at < end : at > end) {
            slice.add(items.get((int) at));
            if (Math.abs(stride) > length) {
                break;
            }
            at += stride;
        }
        return switch (target) {
            case String text -> join(slice);
            case Tuple tuple -> new Tuple(slice);
            default -> slice;
        };
    }

    private static String join(List<Object> characters) {
        StringBuilder text = new StringBuilder();
        characters.forEach(text::append);
        return text.toString();
    }

    /** {@code 'a.0.b'}, as filters name what they look at. */
    Object path(Object value, Object path) {
        if (!(path instanceof String names)) {
            return item(value, path);
        }
        Object at = value;
        for (Object part : PythonText.split(names, ".", -1)) {
            String name = (String) part;
            boolean isNumber =
                    !name.isEmpty() && name.length() < 10 && name.chars().allMatch(c -> c >= '0' && c <= '9');
            at = isNumber ? item(at, Long.valueOf(name)) : item(at, name);
        }
        return at;
    }
}
