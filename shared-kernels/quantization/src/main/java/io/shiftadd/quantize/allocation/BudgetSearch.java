package io.shiftadd.quantize.allocation;

import java.util.List;
import java.util.Optional;

/**
 * Looks for the smallest cost at which a model's perplexity has risen by no more than a given share, by few measured
 * candidates. The logarithm of the rise is taken to be proportional to the error that the allocation predicts; each
 * measurement corrects the factor, and the candidates narrow down the cost between one that is too small and one that
 * is large enough.
 */
public final class BudgetSearch {

    /** Candidates measured at most: each is a whole model. */
    public static final int MOST_CANDIDATES = 5;

    /** Share of the range of costs under which a better answer is not worth another candidate. */
    private static final double RESOLUTION = 0.02;

    /** Share of the range where the first candidate lies, for want of anything known. */
    private static final double FIRST = 0.4;

    /** How near to a known cost, as a share of what is between, the next candidate may lie. */
    private static final double MARGIN = 0.15;

    private static final int BISECTIONS = 24;

    private final List<LayerChoices> layers;
    private final double originalPerplexity;
    private final double limit;
    private final long least;
    private final long most;

    /**
     * A candidate that was measured.
     *
     * @param allocation what it was made by
     * @param perplexity what came of it
     */
    public record Measured(BitAllocation allocation, double perplexity) {}

    /** @param increase by how much of itself the original's perplexity may rise, above 0 */
    public BudgetSearch(List<LayerChoices> layers, double originalPerplexity, double increase) {
        this.layers = List.copyOf(layers);
        this.originalPerplexity = originalPerplexity;
        this.limit = Math.log1p(increase);
        this.least = layers.stream().mapToLong(BudgetSearch::least).sum();
        this.most = layers.stream().mapToLong(BudgetSearch::most).sum();
    }

    /** What to measure next, or nothing when the search is over. */
    public Optional<BitAllocation> next(List<Measured> measured) {
        if (measured.isEmpty()) {
            return Optional.of(at(least + (long) (FIRST * (most - least))));
        }
        Optional<Measured> enough = best(measured);
        if (measured.size() >= MOST_CANDIDATES
                || enough.map(best -> best.allocation().cost() == least).orElse(false)) {
            return Optional.empty();
        }
        if (enough.isEmpty() && measured.size() == MOST_CANDIDATES - 1) {
            return isMeasured(measured, most) ? Optional.empty() : Optional.of(at(most));
        }
        long low = measured.stream()
                .filter(candidate -> !isEnough(candidate))
                .mapToLong(candidate -> candidate.allocation().cost())
                .max()
                .orElse(least);
        long high = enough.map(best -> best.allocation().cost()).orElse(most);
        if (enough.isPresent() && high - low <= RESOLUTION * (most - least)) {
            return Optional.empty();
        }
        BitAllocation next = at(between(low, high, predicted(measured)));
        if (isMeasured(measured, next.cost())) {
            return enough.isEmpty() && !isMeasured(measured, most) ? Optional.of(at(most)) : Optional.empty();
        }
        return Optional.of(next);
    }

    /** The cheapest measured candidate that has not risen too far. */
    public Optional<Measured> best(List<Measured> measured) {
        return measured.stream()
                .filter(this::isEnough)
                .min((a, b) ->
                        Long.compare(a.allocation().cost(), b.allocation().cost()));
    }

    /** By how much of itself the perplexity has risen. */
    public double increase(Measured candidate) {
        return candidate.perplexity() / originalPerplexity - 1;
    }

    private boolean isEnough(Measured candidate) {
        return Math.log(candidate.perplexity() / originalPerplexity) <= limit;
    }

    private static boolean isMeasured(List<Measured> measured, long cost) {
        return measured.stream().anyMatch(candidate -> candidate.allocation().cost() == cost);
    }

    /** The cost at which the limit is expected, by the measured candidate that came nearest to it. */
    private long predicted(List<Measured> measured) {
        Measured nearest = measured.stream()
                .min((a, b) -> Double.compare(distance(a), distance(b)))
                .orElseThrow();
        double rise = Math.log(nearest.perplexity() / originalPerplexity);
        if (!(rise > 0)) {
            return least;
        }
        double allowed = nearest.allocation().error() * limit / rise;
        long low = least;
        long high = most;
        for (int i = 0; i < BISECTIONS && low < high; i++) {
            long middle = low + (high - low) / 2;
            if (at(middle).error() <= allowed) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return high;
    }

    private double distance(Measured candidate) {
        return Math.abs(Math.log(candidate.perplexity() / originalPerplexity) - limit);
    }

    /** Away from costs that are known, unless the end of the range is meant. */
    private long between(long low, long high, long wanted) {
        long margin = (long) (MARGIN * (high - low));
        long from = low == least ? least : low + margin;
        long to = high == most ? most : high - margin;
        return Math.clamp(wanted, Math.min(from, to), Math.max(from, to));
    }

    private BitAllocation at(long budget) {
        return BitAllocator.allocate(layers, budget);
    }

    private static long least(LayerChoices layer) {
        return layer.choices().stream()
                .mapToLong(LayerChoices.Choice::cost)
                .min()
                .orElseThrow();
    }

    private static long most(LayerChoices layer) {
        return layer.choices().stream()
                .mapToLong(LayerChoices.Choice::cost)
                .max()
                .orElseThrow();
    }
}
