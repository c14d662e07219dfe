package io.shiftadd.quantize.allocation;

import io.shiftadd.quantize.allocation.LayerChoices.Choice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Chooses one bit-width a layer so that the summed error is least and the summed cost within a budget: the
 * multiple-choice knapsack, solved exactly.
 *
 * <p>Layer by layer a front of undominated (cost, error) sums is kept. A sum is dropped when even the Lagrangian bound
 * on the layers to come cannot bring it below a solution already known, which keeps the fronts small. Of equal errors
 * the lower cost wins, so that the result depends on nothing but the input.
 *
 * <p>Source: ShiftAddLLM (You et al., 2024), section 4.3, which states the integer program.
 */
public final class BitAllocator {

    /** Keeps rounding in the bound from dropping the best solution itself; relative to the best error known. */
    private static final double BOUND_SLACK = 1e-9;

    /** More than the exponents and digits of a double can tell apart. */
    private static final int MAX_BISECTIONS = 2200;

    private record Partial(
            long cost, double error, int choice, @Nullable Partial previous) {}

    private final List<LayerChoices> layers;
    private final long budget;

    private BitAllocator(List<LayerChoices> layers, long budget) {
        this.layers = layers;
        this.budget = budget;
    }

    /**
     * Chooses under a budget of mean bits a weight; the choices' costs must be weights × bits.
     *
     * @param weights of all layers together
     */
    public static BitAllocation allocateMeanBits(List<LayerChoices> layers, double meanBits, long weights) {
        // Costs are whole numbers; half a bit of tolerance keeps 2.2 × 10 from becoming 21.
        return allocate(layers, (long) Math.floor(meanBits * weights + 0.5));
    }

    /**
     * Chooses under a budget in the unit of the choices' costs.
     *
     * @throws IllegalArgumentException if even the cheapest choices exceed the budget; names the least budget that fits
     */
    public static BitAllocation allocate(List<LayerChoices> layers, long budget) {
        BitAllocator allocator = new BitAllocator(List.copyOf(layers), budget);
        long least = allocator.remainingLeastCosts()[0];
        if (least > budget) {
            throw new IllegalArgumentException("a budget of " + budget + " does not hold even the cheapest choices of "
                    + layers.size() + " layers; it must be at least " + least);
        }
        return allocator.solve();
    }

    private BitAllocation solve() {
        double price = price();
        double[] bound = remainingBounds(price);
        long[] leastCost = remainingLeastCosts();
        double known = feasibleError(price);
        double limit = known + BOUND_SLACK * known;
        List<Partial> front = List.of(new Partial(0, 0, -1, null));
        for (int i = 0; i < layers.size(); i++) {
            List<Partial> next = new ArrayList<>();
            List<Choice> choices = layers.get(i).choices();
            for (Partial partial : front) {
                for (int c = 0; c < choices.size(); c++) {
                    long cost = partial.cost + choices.get(c).cost();
                    double error = partial.error + choices.get(c).error();
                    double reachable = error + bound[i + 1] - price * (budget - cost);
                    if (cost + leastCost[i + 1] <= budget && reachable <= limit) {
                        next.add(new Partial(cost, error, c, partial));
                    }
                }
            }
            front = undominated(next);
        }
        return result(front.getLast());
    }

    /** Ascending cost, strictly descending error. */
    private static List<Partial> undominated(List<Partial> partials) {
        partials.sort(Comparator.comparingLong(Partial::cost).thenComparingDouble(Partial::error));
        List<Partial> front = new ArrayList<>();
        double least = Double.POSITIVE_INFINITY;
        for (Partial partial : partials) {
            if (partial.error < least) {
                front.add(partial);
                least = partial.error;
            }
        }
        return front;
    }

    private BitAllocation result(Partial last) {
        Choice[] chosen = new Choice[layers.size()];
        Partial partial = last;
        for (int i = chosen.length - 1; i >= 0; i--) {
            chosen[i] = layers.get(i).choices().get(partial.choice);
            partial = Objects.requireNonNull(partial.previous);
        }
        Map<String, Integer> bits = new LinkedHashMap<>();
        for (int i = 0; i < chosen.length; i++) {
            bits.put(layers.get(i).layer(), chosen[i].bits());
        }
        return new BitAllocation(bits, last.cost, last.error);
    }

    /** The least price of a unit of cost at which the choices made by price alone fit the budget. */
    private double price() {
        if (costAt(0) <= budget) {
            return 0;
        }
        double low = 0;
        double high = Double.MIN_NORMAL;
        while (costAt(high) > budget) {
            high *= 16;
        }
        for (int i = 0; i < MAX_BISECTIONS && low < high; i++) {
            double middle = low + (high - low) / 2;
            if (middle == low || middle == high) {
                break;
            }
            if (costAt(middle) > budget) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private long costAt(double price) {
        return layers.stream().mapToLong(layer -> choiceAt(layer, price).cost()).sum();
    }

    /** Error of a choice within the budget: by price, then whatever still fits, the largest gain a cost first. */
    private double feasibleError(double price) {
        long cost = costAt(price);
        double error = 0;
        record Upgrade(int layer, Choice from, Choice to) {
            double gainPerCost() {
                return (from.error() - to.error()) / (to.cost() - from.cost());
            }
        }
        List<Upgrade> upgrades = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            Choice from = choiceAt(layers.get(i), price);
            error += from.error();
            for (Choice to : layers.get(i).choices()) {
                if (to.cost() > from.cost() && to.error() < from.error()) {
                    upgrades.add(new Upgrade(i, from, to));
                }
            }
        }
        upgrades.sort(Comparator.comparingDouble(Upgrade::gainPerCost).reversed());
        boolean[] upgraded = new boolean[layers.size()];
        for (Upgrade upgrade : upgrades) {
            long added = upgrade.to.cost() - upgrade.from.cost();
            if (!upgraded[upgrade.layer] && cost + added <= budget) {
                upgraded[upgrade.layer] = true;
                cost += added;
                error -= upgrade.from.error() - upgrade.to.error();
            }
        }
        return error;
    }

    /** The choice of least error + price × cost, of equals the cheapest. */
    private static Choice choiceAt(LayerChoices layer, double price) {
        return layer.choices().stream()
                .min(Comparator.<Choice>comparingDouble(choice -> choice.error() + price * choice.cost())
                        .thenComparingLong(Choice::cost))
                .orElseThrow();
    }

    /** bound[i] = Σ over layers i.. of min(error + price·cost): less price × budget left, a bound from below. */
    private double[] remainingBounds(double price) {
        double[] bound = new double[layers.size() + 1];
        for (int i = layers.size() - 1; i >= 0; i--) {
            Choice choice = choiceAt(layers.get(i), price);
            bound[i] = bound[i + 1] + choice.error() + price * choice.cost();
        }
        return bound;
    }

    private long[] remainingLeastCosts() {
        long[] least = new long[layers.size() + 1];
        for (int i = layers.size() - 1; i >= 0; i--) {
            long cheapest = layers.get(i).choices().stream()
                    .mapToLong(Choice::cost)
                    .min()
                    .orElseThrow();
            least[i] = Math.addExact(least[i + 1], cheapest);
        }
        return least;
    }
}
