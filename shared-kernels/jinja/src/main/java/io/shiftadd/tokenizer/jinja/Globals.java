package io.shiftadd.tokenizer.jinja;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Functions that every template has: Jinja's, and those that transformers adds. */
final class Globals {

    /** Jinja's sandbox has the same limit. */
    private static final long MAX_RANGE = 100_000;

    private Globals() {}

    static Map<String, Object> of(Clock clock, Budget budget) {
        Map<String, Callable> functions = Map.of(
                "joiner", Globals::joiner,
                "cycler", arguments -> new Cycler(arguments.positional(0, Integer.MAX_VALUE)),
                "lipsum", arguments -> Lipsum.text(arguments, budget),
                "range", arguments -> range(arguments, budget),
                "dict", arguments -> map(arguments, budget),
                "namespace", arguments -> namespace(arguments, budget),
                "raise_exception",
                        arguments -> {
                            Object message = arguments.bind(1, "message")[0];
                            throw JinjaException.raised(message == null ? "" : PythonFormat.str(message, budget));
                        },
                "strftime_now",
                        arguments -> {
                            Object format = arguments.bind(1, "format")[0];
                            return Strftime.format(format instanceof String text ? text : "", clock);
                        });
        return new LinkedHashMap<>(functions);
    }

    /** Gives nothing at first, then what stands between. */
    private static Object joiner(Arguments arguments) {
        Object given = arguments.bind(0, "sep")[0];
        Object separator = given == null ? ", " : given;
        boolean[] isUsed = {false};
        return (Callable) none -> {
            none.positional(0, 0);
            boolean isFirst = !isUsed[0];
            isUsed[0] = true;
            return isFirst ? "" : separator;
        };
    }

    private static Object range(Arguments arguments, Budget budget) {
        List<Object> given = arguments.positional(1, 3);
        long from = given.size() > 1 ? Values.integer(given.get(0)) : 0;
        long to = Values.integer(given.get(given.size() > 1 ? 1 : 0));
        long step = given.size() > 2 ? Values.integer(given.get(2)) : 1;
        if (step == 0) {
            throw new JinjaException("range: the step is zero");
        }
        double count = Math.ceil(((double) to - from) / step);
        if (count > MAX_RANGE) {
            throw new JinjaException("range: more than " + MAX_RANGE + " numbers");
        }
        budget.charge(8 * (long) Math.max(0, count));
        List<Object> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(from + i * step);
        }
        return numbers;
    }

    private static Map<Object, Object> map(Arguments arguments, Budget budget) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (!arguments.values().isEmpty()) {
            if (!(arguments.values().getFirst() instanceof Map<?, ?> given)) {
                throw new JinjaException("needs a map");
            }
            budget.charge(given.size());
            map.putAll(given);
        }
        map.putAll(arguments.named());
        return map;
    }

    private static Namespace namespace(Arguments arguments, Budget budget) {
        Namespace namespace = new Namespace();
        map(arguments, budget).forEach((name, value) -> namespace.set(String.valueOf(name), value));
        return namespace;
    }
}
