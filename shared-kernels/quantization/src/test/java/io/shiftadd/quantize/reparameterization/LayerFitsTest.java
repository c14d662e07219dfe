package io.shiftadd.quantize.reparameterization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.quantize.reparameterization.LayerFits.Fit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayerFitsTest {

    private static final Refinement REFINED = new Refinement(3, 4);

    private final KernelContext context = KernelContext.create(2);

    @AfterEach
    void closeContext() {
        context.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"ACC", "LAT"})
    void reportsTheErrorsOfTheServedMatrix(Method method) {
        for (Incoherence incoherence : Incoherence.values()) {
            LayerCase layer = LayerCase.random(80, 48, 2, 5);
            Fit fit = fit(layer, ReparameterizationSettings.paper(method).withIncoherence(incoherence), context);
            float[] served = ((PackedLinear) fit.result().served()).toDense();
            assertThat(fit.result().relativeOutputError())
                    .isCloseTo(layer.relativeOutputError(served), within(1e-5))
                    .isBetween(0.0, 0.2);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"ACC", "LAT"})
    void everyBitLowersTheError(Method method) {
        double before = 1;
        for (int bits = 1; bits <= 4; bits++) {
            double error = error(LayerCase.random(64, 40, bits, 6), ReparameterizationSettings.paper(method));
            assertThat(error).isLessThan(before * 0.6);
            before = error;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"ACC", "LAT"})
    void refinementLowersTheOutputError(Method method) {
        LayerCase layer = LayerCase.random(96, 64, 2, 7);
        ReparameterizationSettings paper = ReparameterizationSettings.paper(method);
        assertThat(error(layer, paper.withRefinement(REFINED))).isLessThan(0.995 * error(layer, paper));
    }

    @Test
    void pushingErrorsOnBeatsFittingColumnsAlone() {
        LayerCase layer = LayerCase.random(96, 64, 2, 8);
        ReparameterizationSettings paper = ReparameterizationSettings.paper(Method.ACC);
        // So much damping makes H diagonal, which leaves nothing to push.
        assertThat(error(layer, paper)).isLessThan(0.8 * error(layer, paper.withDamping(1e6)));
    }

    @Test
    void theAutomaticChoiceIsTheBetterOne() {
        LayerCase layer = LayerCase.random(64, 64, 2, 9);
        ReparameterizationSettings paper = ReparameterizationSettings.paper(Method.ACC);
        double plain = error(layer, paper.withIncoherence(Incoherence.NONE));
        double rotated = error(layer, paper.withIncoherence(Incoherence.ROTATED));
        assertThat(error(layer, paper.withIncoherence(Incoherence.AUTOMATIC))).isEqualTo(Math.min(plain, rotated));
        assertThat(plain).isNotEqualTo(rotated);
    }

    @Test
    void doesNotDependOnTheNumberOfThreads() {
        LayerCase layer = LayerCase.random(200, 136, 3, 10);
        ReparameterizationSettings settings = ReparameterizationSettings.of(Method.LAT);
        try (KernelContext one = KernelContext.create(1);
                KernelContext four = KernelContext.create(4)) {
            PackedLinear a = (PackedLinear) fit(layer, settings, one).result().served();
            PackedLinear b = (PackedLinear) fit(layer, settings, four).result().served();
            assertThat(a.unpack().codes()).isEqualTo(b.unpack().codes());
            assertThat(a.unpack().scales().encoded())
                    .isEqualTo(b.unpack().scales().encoded());
        }
    }

    @Test
    void columnsWithoutInputsDoNotMatter() {
        LayerCase layer = LayerCase.random(32, 24, 2, 11);
        for (int k = 0; k < 24; k++) {
            layer.hessian()[5 * 24 + k] = 0;
            layer.hessian()[k * 24 + 5] = 0;
        }
        for (Incoherence incoherence : Incoherence.values()) {
            ReparameterizationSettings settings =
                    ReparameterizationSettings.of(Method.ACC).withIncoherence(incoherence);
            assertThat(error(layer, settings)).isBetween(0.0, 0.3);
        }
    }

    private double error(LayerCase layer, ReparameterizationSettings settings) {
        return fit(layer, settings, context).result().relativeOutputError();
    }

    private static Fit fit(LayerCase layer, ReparameterizationSettings settings, KernelContext context) {
        List<LayerProblem> problems = List.of(layer.problem());
        return new LayerFits(settings, context)
                .fit(problems, layer.statistics(settings, context))
                .getFirst();
    }
}
