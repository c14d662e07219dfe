package io.shiftadd.motion.reward;

import io.shiftadd.http.ClosestNames;
import io.shiftadd.http.Shown;
import io.shiftadd.motion.description.Foot;
import io.shiftadd.motion.description.InvalidDescriptionException.Fault;
import io.shiftadd.motion.description.Thing;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The parameters of the cost, immutable: which terms count, how much, and what each wants. Units: m, rad, s. */
public final class Reward {

    private static final int FEET = Foot.values().length;
    private static final int OF_FEET = Parameter.values().length;
    private static final int COUNT = OF_FEET + FootParameter.values().length * FEET;
    private static final double MOST = 100;
    private static final double POSTURES = 3;
    private static final double THINGS = Thing.values().length - 1.0;

    /** Where each name of JSON is among the values. */
    private static final Map<String, Integer> PLACES = places();

    private final double[] values;

    private Reward(double[] values) {
        this.values = values;
    }

    public double get(Parameter parameter) {
        return values[parameter.ordinal()];
    }

    public double get(FootParameter parameter, Foot foot) {
        return values[place(parameter, foot)];
    }

    private static int place(FootParameter parameter, Foot foot) {
        return OF_FEET + parameter.ordinal() * FEET + foot.ordinal();
    }

    private static Map<String, Integer> places() {
        Map<String, Integer> places = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.values()) {
            places.put(parameter.key(), parameter.ordinal());
        }
        for (Foot foot : Foot.values()) {
            for (FootParameter parameter : FootParameter.values()) {
                places.put(parameter.key(foot), place(parameter, foot));
            }
        }
        return places;
    }

    /** Parameters to begin with, to be changed one by one. */
    public static Builder builder() {
        return new Builder();
    }

    /** @param faults gets every mistake; the reward is of use only when there is none */
    public static Reward read(JsonNode json, List<Fault> faults) {
        Builder builder = builder();
        if (!json.isObject() || json.isEmpty()) {
            faults.add(new Fault("reward", "is not an object with fields", "names and numbers", "see docs/motion.md"));
            return builder.build();
        }
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            String at = "reward." + Shown.of(field.getKey());
            Integer place = PLACES.get(field.getKey());
            JsonNode value = field.getValue();
            if (place == null) {
                faults.add(new Fault(
                        at,
                        "is no parameter",
                        "the parameters in docs/motion.md",
                        ClosestNames.suggest(field.getKey(), PLACES.keySet())));
            } else if (!value.isNumber() || !allowed(place, field.getKey(), value.doubleValue())) {
                faults.add(new Fault(
                        at, "is " + Shown.of(value.toString()), limit(place, field.getKey()), "send a number"));
            } else {
                builder.values[place] = value.doubleValue();
            }
        }
        return builder.build();
    }

    private static boolean allowed(int place, String name, double value) {
        if (place == Parameter.POSTURE.ordinal()) {
            return value == Math.rint(value) && value >= 0 && value <= POSTURES;
        }
        if (place == Parameter.REACH.ordinal()) {
            return value == Math.rint(value) && value >= 0 && value <= THINGS;
        }
        double least = name.startsWith("w_") ? 0 : -MOST;
        return value >= least && value <= MOST;
    }

    private static String limit(int place, String name) {
        if (place == Parameter.POSTURE.ordinal()) {
            return "0, 1, 2 or 3";
        }
        if (place == Parameter.REACH.ordinal()) {
            return "0, 1 or 2";
        }
        return (name.startsWith("w_") ? "0" : "-100") + " to 100";
    }

    /** The parameters that differ from what they are when nothing is said. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        double[] unsaid = builder().values;
        PLACES.forEach((name, place) -> {
            if (values[place] != unsaid[place]) {
                json.put(name, BigDecimal.valueOf(values[place]));
            }
        });
        return json;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Reward reward && Arrays.equals(values, reward.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return toJson().toString();
    }

    /** Collects the parameters of a reward. */
    public static final class Builder {

        private final double[] values = new double[COUNT];

        private Builder() {
            for (Parameter parameter : Parameter.values()) {
                values[parameter.ordinal()] = parameter.unless();
            }
            for (FootParameter parameter : FootParameter.values()) {
                for (Foot foot : Foot.values()) {
                    values[place(parameter, foot)] = parameter.unless();
                }
            }
        }

        public Builder set(Parameter parameter, double value) {
            values[parameter.ordinal()] = value;
            return this;
        }

        public Builder set(FootParameter parameter, Foot foot, double value) {
            values[place(parameter, foot)] = value;
            return this;
        }

        public Reward build() {
            return new Reward(values.clone());
        }
    }
}
