package io.shiftadd.quantize.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.quantize.allocation.BudgetSearch.Measured;
import io.shiftadd.quantize.allocation.LayerChoices.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetSearchTest {

    private static final double ORIGINAL = 40;

    private static List<LayerChoices> layers() {
        Random random = new Random(3);
        List<LayerChoices> layers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            double error = 0.02 + 0.1 * random.nextDouble();
            layers.add(new LayerChoices(
                    "layer" + i,
                    List.of(
                            new Choice(2, 2000, error),
                            new Choice(3, 3000, error / 4),
                            new Choice(4, 4000, error / 16))));
        }
        return layers;
    }

    /** Runs a search where a model's perplexity follows from its error; returns the candidates in their order. */
    private static List<Measured> search(double increase, ToDoubleFunction<BitAllocation> rise) {
        BudgetSearch search = new BudgetSearch(layers(), ORIGINAL, increase);
        List<Measured> measured = new ArrayList<>();
        for (Optional<BitAllocation> next = search.next(measured); next.isPresent(); next = search.next(measured)) {
            BitAllocation allocation = next.orElseThrow();
            measured.add(new Measured(allocation, ORIGINAL * Math.exp(rise.applyAsDouble(allocation))));
            assertThat(measured).hasSizeLessThanOrEqualTo(BudgetSearch.MOST_CANDIDATES);
        }
        return measured;
    }

    @ParameterizedTest
    @CsvSource({"0.08, 0.3", "0.1, 0.3", "0.1, 0.08", "0.2, 0.3", "0.05, 0.15"})
    void comesNearTheSmallestCostThatIsEnough(double increase, double factor) {
        // not proportional to the predicted error, as real models are not
        ToDoubleFunction<BitAllocation> rise = allocation -> factor * Math.pow(allocation.error(), 0.8);
        List<Measured> measured = search(increase, rise);
        Measured best =
                new BudgetSearch(layers(), ORIGINAL, increase).best(measured).orElseThrow();

        assertThat(best.perplexity()).isLessThanOrEqualTo(ORIGINAL * (1 + increase));
        long smallest = 60_000;
        while (rise.applyAsDouble(BitAllocator.allocate(layers(), smallest)) > Math.log1p(increase)) {
            smallest += 1000;
        }
        assertThat(best.allocation().cost()).isBetween(smallest, smallest + 3000);
    }

    @Test
    void takesTheFewestBitsWhereTheyAreEnough() {
        List<Measured> measured = search(0.5, allocation -> 0.001 * allocation.error());
        assertThat(measured.getLast().allocation().cost()).isEqualTo(60_000);
        assertThat(measured).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void triesTheMostBitsBeforeItGivesUp() {
        List<Measured> measured = search(0.001, allocation -> 1);
        assertThat(measured.getLast().allocation().cost()).isEqualTo(120_000);
        assertThat(new BudgetSearch(layers(), ORIGINAL, 0.001).best(measured)).isEmpty();
    }

    @Test
    void goesOnFromCandidatesThatWereMeasuredBefore() {
        ToDoubleFunction<BitAllocation> rise = allocation -> 0.3 * allocation.error();
        List<Measured> whole = search(0.1, rise);
        BudgetSearch again = new BudgetSearch(layers(), ORIGINAL, 0.1);
        for (int i = 0; i < whole.size(); i++) {
            assertThat(again.next(whole.subList(0, i))).contains(whole.get(i).allocation());
        }
        assertThat(again.next(whole)).isEmpty();
    }
}
