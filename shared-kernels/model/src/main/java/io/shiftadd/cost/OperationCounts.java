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

    /**
     * All of it several times, or a part of it.
     *
     * @param times of what is computed
     * @param reads of what is read from memory: of weights that several tokens share, one
     */
    public OperationCounts repeated(double times, double reads) {
        OperationCounts scaled = NONE;
        for (Map.Entry<Operation, Double> entry : counts.entrySet()) {
            double factor = entry.getKey() == Operation.DRAM_BYTE ? reads : times;
            scaled = scaled.with(entry.getKey(), factor * entry.getValue());
        }
        return scaled;
    }

    public double of(Operation operation) {
        return counts.getOrDefault(operation, 0.0);
    }

    /** Of all operations together, by the platform's own prices. */
    public double picojoules() {
        return picojoules(PriceList.WHOLE);
    }

    public double picojoules(PriceList prices) {
        double sum = 0;
        for (Operation operation : Operation.values()) {
            sum += of(operation) * operation.picojoules(prices);
        }
        return sum;
    }
}
