package io.shiftadd.tokenizer.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a call, filter or test is given. */
record Arguments(List<Object> values, Map<String, Object> named) {

    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /**
     * The arguments in the order of a signature; null where one is not given.
     *
     * @param required how many have no default
     */
    @Nullable
    Object[] bind(int required, String... parameters) {
        if (values.size() > parameters.length) {
            throw new JinjaException("takes at most " + parameters.length + " arguments, not " + values.size());
        }
        @Nullable Object[] bound = new @Nullable Object[parameters.length];
        int found = values.size();
        for (int i = 0; i < parameters.length; i++) {
            Object byName = named.get(parameters[i]);
            if (byName != null && i < values.size()) {
                throw new JinjaException("the argument '" + parameters[i] + "' is given twice");
            }
            found += byName == null ? 0 : 1;
            bound[i] = i < values.size() ? values.get(i) : byName;
            if (bound[i] == null && i < required) {
                throw new JinjaException("the argument '" + parameters[i] + "' is missing");
            }
        }
        if (found < values.size() + named.size()) {
            throw new JinjaException("unknown argument among " + named.keySet());
        }
        return bound;
    }

    /** For what takes only arguments by position, between so many. */
    List<Object> positional(int least, int most) {
        if (!named.isEmpty() || values.size() < least || values.size() > most) {
            throw new JinjaException("takes " + (least == most ? "" : least + " to ") + most
                    + " arguments without names, not " + (values.size() + named.size()));
        }
        return values;
    }

    /** Without the first. */
    Arguments rest() {
        return new Arguments(values.subList(1, values.size()), named);
    }
}
