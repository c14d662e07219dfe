package io.shiftadd.cost;

import java.util.EnumMap;
import java.util.Map;

/** How often each operation is done. Immutable. */
public final class OperationCounts {

    /** Nothing at all. */
    public static final OperationCounts NONE = new OperationCounts(Map.of());

    private final Map<Operation, Double> counts;

    private OperationCounts(Map<Operation, Double> counts) {
        this.counts = counts;
    }

    public OperationCounts with(Operation operation, double more) {
        Map<Operation, Double> sum = new EnumMap<>(Operation.class);
        sum.putAll(counts);
        sum.merge(operation, more, Double::sum);
        return new OperationCounts(sum);
    }

    public OperationCounts plus(OperationCounts other) {
        OperationCounts sum = this;
        for (Map.Entry<Operation, Double> entry : other.counts.entrySet()) {
            sum = sum.with(entry.getKey(), entry.getValue());
        }
        return sum;
    }

    /** So much of all. */
    public OperationCounts times(double share) {
        OperationCounts scaled = NONE;
        for (Map.Entry<Operation, Double> entry : counts.entrySet()) {
            scaled = scaled.with(entry.getKey(), share * entry.getValue());
        }
        return scaled;
    }

    public double of(Operation operation) {
        return counts.getOrDefault(operation, 0.0);
    }

    /** Of all operations together. */
    public double picojoules() {
        double sum = 0;
        for (Operation operation : Operation.values()) {
            sum += of(operation) * operation.picojoules();
        }
        return sum;
    }
}
