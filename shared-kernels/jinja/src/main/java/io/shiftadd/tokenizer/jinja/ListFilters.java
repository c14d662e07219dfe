package io.shiftadd.tokenizer.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Filters of lists, and of what can be walked through. */
final class ListFilters {

    private final Budget budget;
    private final Members members;

    ListFilters(Budget budget, Members members) {
        this.budget = budget;
        this.members = members;
    }

    /** Null when there is no such filter here. */
    @Nullable
    Object apply(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "list" -> new ArrayList<>(plain(value, arguments));
            case "length", "count" -> {
                arguments.positional(0, 0);
                yield Values.length(value);
            }
            case "first" -> {
                List<Object> items = plain(value, arguments);
                yield items.isEmpty() ? new Undefined("there is no first item") : items.getFirst();
            }
            case "last" -> {
                requireOrder(value);
                List<Object> items = plain(value, arguments);
                yield items.isEmpty() ? new Undefined("there is no last item") : items.getLast();
            }
            case "random" -> {
                List<Object> items = plain(value, arguments);
                yield items.isEmpty()
                        ? new Undefined("there is no random item")
                        : items.get(ThreadLocalRandom.current().nextInt(items.size()));
            }
            case "reverse" -> reverse(value, arguments);
            case "join" -> join(value, arguments);
            case "items" ->
                switch (value) {
                    case Undefined nothing -> new Lazy(List.of());
                    case Map<?, ?> map -> new Lazy(MapMethods.items(map, arguments, budget));
                    default -> throw new JinjaException(Values.typeName(value) + " has no items");
                };
            case "default", "d" -> {
                @Nullable Object[] given = arguments.bind(0, "default_value", "boolean");
                boolean isMissing = value instanceof Undefined
                        || given[1] != null && Values.isTrue(given[1]) && !Values.isTrue(value);
                yield isMissing ? given[0] == null ? "" : given[0] : value;
            }
            case "attr" -> {
                String attribute = TextMethods.string(arguments.positional(1, 1).getFirst());
                // Unlike a dot, this never looks for an item.
                yield value instanceof Map<?, ?> map && MapMethods.method(map, attribute, budget) == null
                        ? new Undefined("a map has no attribute '" + attribute + "'")
                        : members.attribute(value, attribute);
            }
            case "sum" -> sum(value, arguments);
            case "sort" -> sort(value, arguments);
            case "min", "max" -> extreme(value, arguments, name.equals("max"));
            case "unique" -> unique(value, arguments);
            case "dictsort" -> dictsort(value, arguments);
            case "batch" -> batch(value, arguments);
            case "slice" -> slice(value, arguments);
            case "groupby" -> groupby(value, arguments);
            default -> null;
        };
    }

    private List<Object> plain(Object value, Arguments arguments) {
        arguments.positional(0, 0);
        return Values.items(value, budget);
    }

    private static void requireOrder(Object value) {
        if (value instanceof Lazy) {
            throw new JinjaException("a generator has no end; use '| list' before");
        }
    }

    private Object reverse(Object value, Arguments arguments) {
        List<Object> items = new ArrayList<>(plain(value, arguments));
        Collections.reverse(items);
        if (!(value instanceof String)) {
            return new Lazy(items);
        }
        StringBuilder text = new StringBuilder();
        items.forEach(text::append);
        return text.toString();
    }

    private Object join(Object value, Arguments arguments) {
        @Nullable Object[] given = arguments.bind(0, "d", "attribute");
        String separator = given[0] == null ? "" : PythonFormat.str(given[0], budget);
        StringBuilder joined = new StringBuilder();
        boolean isFirst = true;
        for (Object item : Values.items(value, budget)) {
            String text = PythonFormat.str(by(item, given[1]), budget);
            budget.charge((long) text.length() + separator.length());
            joined.append(isFirst ? "" : separator).append(text);
            isFirst = false;
        }
        return joined.toString();
    }

    /** The attribute of an item, or the item itself when none is named. */
    private Object by(Object item, @Nullable Object attribute) {
        return attribute == null || attribute == None.NONE ? item : members.path(item, attribute);
    }

    private Object sum(Object value, Arguments arguments) {
        @Nullable Object[] given = arguments.bind(0, "attribute", "start");
        Object sum = given[1] == null ? 0L : given[1];
        for (Object item : Values.items(value, budget)) {
            sum = Operators.apply("+", sum, by(item, given[0]), budget);
        }
        return sum;
    }

    private Object folded(Object value, @Nullable Object caseSensitive) {
        return value instanceof String text && (caseSensitive == null || !Values.isTrue(caseSensitive))
                ? text.toLowerCase(Locale.ROOT)
                : value;
    }

    private Object sort(Object value, Arguments arguments) {
        @Nullable Object[] given = arguments.bind(0, "reverse", "case_sensitive", "attribute");
        List<Object> attributes = given[2] instanceof String names
                ? PythonText.split(names, ",", -1)
                : List.of(given[2] == null ? None.NONE : given[2]);
        Comparator<Object> order = (a, b) -> {
            int result = 0;
            for (int i = 0; i < attributes.size() && result == 0; i++) {
                Object attribute = attributes.get(i);
                result = Values.compare(folded(by(a, attribute), given[1]), folded(by(b, attribute), given[1]), budget);
            }
            return result;
        };
        boolean isReverse = given[0] != null && Values.isTrue(given[0]);
        List<Object> sorted = new ArrayList<>(Values.items(value, budget));
        sorted.sort(isReverse ? order.reversed() : order);
        return sorted;
    }

    private Object extreme(Object value, Arguments arguments, boolean isMax) {
        @Nullable Object[] given = arguments.bind(0, "case_sensitive", "attribute");
        Object best = new Undefined("there are no items");
        boolean isFirst = true;
        for (Object item : Values.items(value, budget)) {
            int order = isFirst
                    ? 0
                    : Values.compare(
                            folded(by(item, given[1]), given[0]), folded(by(best, given[1]), given[0]), budget);
            if (isFirst || (isMax ? order > 0 : order < 0)) {
                best = item;
            }
            isFirst = false;
        }
        return best;
    }

    private Object unique(Object value, Arguments arguments) {
        @Nullable Object[] given = arguments.bind(0, "case_sensitive", "attribute");
        List<Object> seen = new ArrayList<>();
        List<Object> unique = new ArrayList<>();
        for (Object item : Values.items(value, budget)) {
            Object key = folded(by(item, given[1]), given[0]);
            if (!Values.contains(seen, key, budget)) {
                seen.add(key);
                unique.add(item);
            }
        }
        return new Lazy(unique);
    }

    private Object dictsort(Object value, Arguments arguments) {
        @Nullable Object[] given = arguments.bind(0, "case_sensitive", "by", "reverse");
        if (!(value instanceof Map<?, ?> map)) {
            throw new JinjaException(Values.typeName(value) + " is no map");
        }
        int by = "value".equals(given[1]) ? 1 : 0;
        Comparator<Object> order = (a, b) ->
                Values.compare(folded(((Tuple) a).get(by), given[0]), folded(((Tuple) b).get(by), given[0]), budget);
        boolean isReverse = given[2] != null && Values.isTrue(given[2]);
        List<Object> items = MapMethods.items(map, Arguments.NONE, budget);
        items.sort(isReverse ? order.reversed() : order);
        return items;
    }

    private Object batch(Object value, Arguments arguments) {
        @Nullable Object[] given = arguments.bind(1, "linecount", "fill_with");
        int size = count(given[0]);
        List<Object> items = Values.items(value, budget);
        List<Object> batches = new ArrayList<>();
        for (int from = 0; from < items.size(); from += size) {
            List<Object> batch = new ArrayList<>(items.subList(from, Math.min(from + size, items.size())));
            Object filling = given[1];
            while (batch.size() < size && filling != null && filling != None.NONE) {
                budget.charge(1);
                batch.add(filling);
            }
            batches.add(batch);
        }
        return new Lazy(batches);
    }

    private static int count(@Nullable Object number) {
        long count = number == null ? 0 : Values.integer(number);
        if (count < 1 || count > 1 << 20) {
            throw new JinjaException("the number is not between 1 and " + (1 << 20));
        }
        return (int) count;
    }

    private Object slice(Object value, Arguments arguments) {
        @Nullable Object[] given = arguments.bind(1, "slices", "fill_with");
        int slices = count(given[0]);
        List<Object> items = Values.items(value, budget);
        int size = items.size() / slices;
        int longer = items.size() % slices;
        List<Object> cut = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < slices; i++) {
            budget.charge(8);
            int to = from + size + (i < longer ? 1 : 0);
            List<Object> slice = new ArrayList<>(items.subList(from, to));
            Object filling = given[1];
            if (filling != null && filling != None.NONE && i >= longer) {
                slice.add(filling);
            }
            cut.add(slice);
            from = to;
        }
        return new Lazy(cut);
    }

    private Object groupby(Object value, Arguments arguments) {
        @Nullable Object[] given = arguments.bind(1, "attribute", "default", "case_sensitive");
        List<Object> items = new ArrayList<>(Values.items(value, budget));
        Comparator<Object> order = (a, b) -> Values.compare(group(a, given), group(b, given), budget);
        items.sort(order);
        List<Object> groups = new ArrayList<>();
        List<Object> members = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            members.add(items.get(i));
            if (i + 1 == items.size() || order.compare(items.get(i), items.get(i + 1)) != 0) {
                Object name = by(members.getFirst(), given[0]);
                groups.add(Tuple.of(name instanceof Undefined && given[1] != null ? given[1] : name, members));
                members = new ArrayList<>();
            }
        }
        return groups;
    }

    private Object group(Object item, @Nullable Object[] given) {
        Object key = by(item, given[0]);
        return folded(key instanceof Undefined && given[1] != null ? given[1] : key, given[2]);
    }
}
