package io.shiftadd.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Methods of Python's dictionaries that do not change them. */
final class MapMethods {

    private MapMethods() {}

    static @Nullable Callable method(Map<?, ?> map, String name, Budget budget) {
        return switch (name) {
            case "items" -> arguments -> items(map, arguments, budget);
            case "keys" ->
                arguments -> {
                    arguments.positional(0, 0);
                    budget.charge(map.size());
                    return new ArrayList<>(map.keySet());
                };
            case "values" ->
                arguments -> {
                    arguments.positional(0, 0);
                    budget.charge(map.size());
                    return new ArrayList<>(map.values());
                };
            case "get" ->
                arguments -> {
                    List<Object> given = arguments.positional(1, 2);
                    Object value = map.get(Values.key(given.getFirst()));
                    return value != null ? value : given.size() > 1 ? given.get(1) : None.NONE;
                };
            case "copy" ->
                arguments -> {
                    arguments.positional(0, 0);
                    budget.charge(map.size());
                    return new LinkedHashMap<>(map);
                };
            case "clear", "pop", "popitem", "setdefault", "update" ->
                arguments -> {
                    throw new JinjaException("a template may not change a map ('" + name + "')");
                };
            default -> null;
        };
    }

    static List<Object> items(Map<?, ?> map, Arguments arguments, Budget budget) {
        arguments.positional(0, 0);
        budget.charge(4L * map.size());
        List<Object> items = new ArrayList<>();
        map.forEach((key, value) -> items.add(Tuple.of(key, value)));
        return items;
    }
}
