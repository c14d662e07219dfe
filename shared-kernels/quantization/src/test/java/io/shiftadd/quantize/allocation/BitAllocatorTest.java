package io.shiftadd.quantize.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.quantize.allocation.LayerChoices.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BitAllocatorTest {

    @Test
    void findsWhatTryingAllChoicesFinds() {
        Random random = new Random(7);
        for (int trial = 0; trial < 200; trial++) {
            List<LayerChoices> layers = randomLayers(random, 1 + random.nextInt(7));
            long least = sum(layers, 0);
            long most = sum(layers, 2);
            long budget = least + (long) (random.nextDouble() * (most - least));
            BitAllocation allocation = BitAllocator.allocate(layers, budget);
            assertThat(allocation.cost()).isLessThanOrEqualTo(budget);
            assertThat(allocation.error()).isCloseTo(bruteForce(layers, 0, budget), within(1e-12));
        }
    }

    @Test
    void weighsLayersByTheirParameters() {
        // Both gain the same from a third bit, the second takes ten times the room.
        List<LayerChoices> layers = List.of(
                new LayerChoices("small", List.of(new Choice(2, 20, 5), new Choice(3, 30, 1))),
                new LayerChoices("large", List.of(new Choice(2, 200, 5), new Choice(3, 300, 1))));
        BitAllocation allocation = BitAllocator.allocateMeanBits(layers, 2.2, 110);
        assertThat(allocation.bits()).containsEntry("small", 3).containsEntry("large", 2);
        assertThat(allocation.cost()).isEqualTo(230);
    }

    @Test
    void namesTheLeastBudgetThatFits() {
        List<LayerChoices> layers = List.of(new LayerChoices("q", List.of(new Choice(2, 20, 5))));
        assertThatThrownBy(() -> BitAllocator.allocate(layers, 19)).hasMessageContaining("at least 20");
    }

    @Test
    void solvesAModelOfManyLayersByBytesToTheLastByte() {
        List<LayerChoices> layers = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < 224; i++) {
            long weights = 4096L * (4096 + random.nextInt(8192));
            double scale = Math.exp(random.nextGaussian());
            List<Choice> choices = new ArrayList<>();
            for (int bits = 2; bits <= 4; bits++) {
                choices.add(new Choice(bits, weights * bits / 8 + random.nextInt(999), scale * Math.pow(4, -bits)));
            }
            layers.add(new LayerChoices("layer " + i, choices));
        }
        long budget = (sum(layers, 0) * 4 + sum(layers, 1)) / 5;
        BitAllocation allocation = BitAllocator.allocate(layers, budget);
        assertThat(allocation.cost()).isBetween(budget - budget / 1000, budget);
        assertThat(BitAllocator.allocate(layers, budget)).isEqualTo(allocation);
    }

    private static List<LayerChoices> randomLayers(Random random, int count) {
        List<LayerChoices> layers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long weights = 1 + random.nextInt(50);
            layers.add(new LayerChoices(
                    "layer " + i,
                    List.of(
                            new Choice(2, 2 * weights, random.nextDouble()),
                            new Choice(3, 3 * weights, random.nextDouble() / 3),
                            new Choice(4, 4 * weights, random.nextDouble() / 9))));
        }
        return layers;
    }

    private static long sum(List<LayerChoices> layers, int choice) {
        return layers.stream()
                .mapToLong(layer -> layer.choices().get(choice).cost())
                .sum();
    }

    private static double bruteForce(List<LayerChoices> layers, int from, long budget) {
        if (budget < 0) {
            return Double.POSITIVE_INFINITY;
        }
        if (from == layers.size()) {
            return 0;
        }
        double least = Double.POSITIVE_INFINITY;
        for (Choice choice : layers.get(from).choices()) {
            least = Math.min(least, choice.error() + bruteForce(layers, from + 1, budget - choice.cost()));
        }
        return least;
    }
}
