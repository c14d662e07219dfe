package io.shiftadd.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;
import io.shiftadd.kernel.rotation.HadamardRotation;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class RoutedPlanesTest {

    private static final int OUTPUTS = 40;
    private static final int INPUTS = 64;
    private static final int TOKENS = 400;

    private static final KernelContext CONTEXT = KernelContext.create(1);

    private final Random random = new Random(7);

    @AfterAll
    static void close() {
        CONTEXT.close();
    }

    @Test
    void atEitherEndALayerIsOneExpertBitForBit() {
        PlaneRouting routing = routing(PlaneExperts.of(rotated(), 2), gaussian(TOKENS));
        float[] x = gaussian(TOKENS);
        for (PlaneRouting.Choice choice : PlaneRouting.Choice.values()) {
            PlaneCount count = new PlaneCount();
            assertThat(outputs(routing.layer(choice, 0, 1, count), x))
                    .as("%s, none cheap", choice)
                    .isEqualTo(outputs(routing.experts().rich(), x));
            assertThat(count.mean()).isEqualTo(4);
            count = new PlaneCount();
            assertThat(outputs(routing.layer(choice, 1, 1, count), x))
                    .as("%s, all cheap", choice)
                    .isEqualTo(outputs(routing.experts().cheap(), x));
            assertThat(count.mean()).isEqualTo(2);
        }
    }

    @Test
    void planesThatWouldBeReadAreCountedByWeight() {
        PlaneCount count = new PlaneCount();
        PlaneExperts experts = PlaneExperts.of(rotated(), 2);
        // Tokens whose first input is negative are cheap.
        PlaneRouter router = (x, fromX, _, _, _) -> x[fromX];
        float[] x = gaussian(4);
        for (int t = 0; t < 4; t++) {
            x[t * INPUTS] = t == 2 ? -1 : 1;
        }
        RoutedPlanes layer = new RoutedPlanes(experts, router, 0, count);
        layer.forward(x, new float[4 * OUTPUTS], 4, CONTEXT);
        assertThat(count.mean()).isEqualTo((3 * 4 + 2) / 4.0);
        count.add(3 * experts.weights(), 4, 4 * 4);
        assertThat(count.mean()).isEqualTo((3.5 + 3 * 4) / 4);
    }

    @Test
    void aCheapExpertKeepsThePlanesOfTheLargestScalesOfEachGroup() {
        float[] alphas = new float[4 * INPUTS];
        float[] sizes = {0.125f, 1, 0.25f, 0.5f};
        for (int plane = 0; plane < 4; plane++) {
            for (int k = 0; k < INPUTS; k++) {
                // The order differs from group to group, and a scale may be negative.
                alphas[plane * INPUTS + k] = (k % 3 == 0 ? -1 : 1) * sizes[(plane + k) % 4];
            }
        }
        PackedLinear layer = PackedLinear.pack(coding(alphas), null, null, null);
        float[] all = layer.toDense();
        float[] kept = PlaneExperts.of(layer, 2).cheap().toDense();
        for (int i = 0; i < all.length; i++) {
            assertThat(Math.abs(kept[i])).isIn(0.5f, 1.5f);
            assertThat(Math.abs(all[i] - kept[i])).isIn(0.125f, 0.375f);
        }
        assertThatThrownBy(() -> PlaneExperts.of(layer, 4)).hasMessageContaining("4 planes");
    }

    @Test
    void aRouterFindsTheTokensThatLoseLittle() {
        // Only inputs of the second half have last planes; a token has either half, so its loss is known beforehand.
        float[] alphas = new float[4 * INPUTS];
        for (int k = 0; k < INPUTS; k++) {
            alphas[k] = 1;
            alphas[INPUTS + k] = 0.5f;
            alphas[2 * INPUTS + k] = k < INPUTS / 2 ? 0 : 0.25f;
            alphas[3 * INPUTS + k] = k < INPUTS / 2 ? 0 : 0.125f;
        }
        PlaneExperts experts = PlaneExperts.of(PackedLinear.pack(coding(alphas), null, null, null), 2);
        PlaneRouting routing = routing(experts, halves());
        assertThat(routing.correlation()).isGreaterThan(0.95);
        float[] x = halves();
        float[] rich = outputs(routing.experts().rich(), x);
        PlaneCount count = new PlaneCount();
        double lost = distance(outputs(routing.layer(PlaneRouting.Choice.ROUTER, 0.5, 1, count), x), rich);
        assertThat(count.mean()).isEqualTo(3);
        double atRandom =
                distance(outputs(routing.layer(PlaneRouting.Choice.RANDOM, 0.5, 1, new PlaneCount()), x), rich);
        assertThat(lost).isLessThan(atRandom / 10);
    }

    @Test
    void aLinearFunctionIsFoundAgain() {
        float[] x = gaussian(TOKENS);
        double[] losses = new double[TOKENS];
        for (int t = 0; t < TOKENS; t++) {
            losses[t] = 3 + 2 * x[t * INPUTS + 5] - x[t * INPUTS + 9];
        }
        LinearPlaneRouter router = LinearPlaneRouter.fit(x, INPUTS, losses, TOKENS);
        assertThat(router.weights()[5]).isCloseTo(2, within(0.05));
        assertThat(router.weights()[9]).isCloseTo(-1, within(0.05));
        assertThat(router.loss(x, 3 * INPUTS, x, x, 0)).isCloseTo(losses[3], within(0.2));
    }

    /** Tokens in turns: the first half of the inputs, with a mark that a linear function sees, or the second. */
    private float[] halves() {
        float[] x = gaussian(TOKENS);
        for (int t = 0; t < TOKENS; t++) {
            int silent = t % 2 == 0 ? INPUTS / 2 : 0;
            Arrays.fill(x, t * INPUTS + silent, t * INPUTS + silent + INPUTS / 2, 0);
            x[t * INPUTS] = t % 2 == 0 ? 1 : 0;
        }
        return x;
    }

    private static PlaneRouting routing(PlaneExperts experts, float[] x) {
        return PlaneRouting.of(experts, x, TOKENS, CONTEXT);
    }

    private PackedLinear rotated() {
        float[] alphas = gaussianValues(4 * INPUTS);
        return PackedLinear.pack(
                coding(alphas),
                gaussianValues(OUTPUTS),
                HadamardRotation.random(INPUTS, 1),
                HadamardRotation.random(OUTPUTS, 2));
    }

    private BinaryCoding coding(float[] alphas) {
        byte[] codes = new byte[OUTPUTS * INPUTS];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) random.nextInt(16);
        }
        return new BinaryCoding(
                OUTPUTS, INPUTS, 4, GroupShape.columnWise(OUTPUTS), ApotScales.round(alphas, 4, 1, INPUTS, 2), codes);
    }

    private float[] gaussian(int tokens) {
        return gaussianValues(tokens * INPUTS);
    }

    private float[] gaussianValues(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] outputs(LinearLayer layer, float[] x) {
        float[] y = new float[x.length / INPUTS * OUTPUTS];
        layer.forward(x, y, x.length / INPUTS, CONTEXT);
        return y;
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }
}
