package io.shiftadd.tokenizer.jinja;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Jinja's filters: {@code value | name(arguments)}. Those that look for links in pages are left out. */
final class Filters {

    static final Set<String> NAMES = Set.of(
            "abs",
            "attr",
            "batch",
            "capitalize",
            "center",
            "count",
            "d",
            "default",
            "dictsort",
            "e",
            "escape",
            "filesizeformat",
            "first",
            "float",
            "forceescape",
            "format",
            "groupby",
            "indent",
            "int",
            "items",
            "join",
            "last",
            "length",
            "list",
            "lower",
            "map",
            "max",
            "min",
            "pprint",
            "random",
            "reject",
            "rejectattr",
            "replace",
            "reverse",
            "round",
            "safe",
            "select",
            "selectattr",
            "slice",
            "sort",
            "string",
            "striptags",
            "sum",
            "title",
            "tojson",
            "trim",
            "truncate",
            "unique",
            "upper",
            "urlencode",
            "wordcount",
            "wordwrap",
            "xmlattr");

    private final TextFilters texts;
    private final ListFilters lists;
    private final SelectionFilters selections;
    private final PageFilters pages;
    private final Budget budget;

    Filters(Budget budget, Members members, Tests tests) {
        this.budget = budget;
        this.texts = new TextFilters(budget);
        this.pages = new PageFilters(budget);
        this.lists = new ListFilters(budget, members);
        this.selections = new SelectionFilters(budget, members, tests, this);
    }

    Object apply(String name, Object value, Arguments arguments) {
        if (!NAMES.contains(name)) {
            throw new JinjaException("there is no filter '" + name + "'");
        }
        budget.enter();
        Object result;
        try {
            result = find(name, value, arguments);
        } catch (JinjaException e) {
            throw new JinjaException("filter '" + name + "': " + e.getMessage());
        }
        budget.leave();
        if (result == null) {
            throw new IllegalStateException(name);
        }
        return result;
    }

    private @Nullable Object find(String name, Object value, Arguments arguments) {
        Object result = texts.apply(name, value, arguments);
        if (result == null) {
            result = lists.apply(name, value, arguments);
        }
        if (result == null) {
            result = selections.apply(name, value, arguments);
        }
        return result == null ? pages.apply(name, value, arguments) : result;
    }
}
