package io.shiftadd.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Filters that apply others, or tests, to each item. */
final class SelectionFilters {

    private final Budget budget;
    private final Members members;
    private final Tests tests;
    private final Filters filters;

    SelectionFilters(Budget budget, Members members, Tests tests, Filters filters) {
        this.budget = budget;
        this.members = members;
        this.tests = tests;
        this.filters = filters;
    }

    /** Null when there is no such filter here. */
    @Nullable
    Object apply(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "map" -> map(value, arguments);
            case "select" -> select(value, null, arguments, true);
            case "reject" -> select(value, null, arguments, false);
            case "selectattr", "rejectattr" -> {
                if (arguments.values().isEmpty()) {
                    throw new JinjaException("the attribute is missing");
                }
                yield select(value, arguments.values().getFirst(), arguments.rest(), name.equals("selectattr"));
            }
            default -> null;
        };
    }

    private Object map(Object value, Arguments arguments) {
        List<Object> mapped = new ArrayList<>();
        if (arguments.values().isEmpty()) {
            @Nullable Object[] given = arguments.bind(0, "attribute", "default");
            Object attribute = given[0];
            if (attribute == null) {
                throw new JinjaException("needs a filter or an attribute");
            }
            for (Object item : Values.items(value, budget)) {
                Object found = members.path(item, attribute);
                mapped.add(found instanceof Undefined && given[1] != null ? given[1] : found);
            }
            return new Lazy(mapped);
        }
        String filter = TextMethods.string(arguments.values().getFirst());
        for (Object item : Values.items(value, budget)) {
            mapped.add(filters.apply(filter, item, arguments.rest()));
        }
        return new Lazy(mapped);
    }

    private Object select(Object value, @Nullable Object attribute, Arguments arguments, boolean keeps) {
        List<Object> selected = new ArrayList<>();
        for (Object item : Values.items(value, budget)) {
            Object looked = attribute == null ? item : members.path(item, attribute);
            boolean matches = arguments.values().isEmpty()
                    ? Values.isTrue(looked)
                    : tests.apply(TextMethods.string(arguments.values().getFirst()), looked, arguments.rest());
            if (matches == keeps) {
                selected.add(item);
            }
        }
        return new Lazy(selected);
    }
}
