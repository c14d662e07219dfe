package io.shiftadd.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.quantize.reparameterization.Incoherence;
import io.shiftadd.quantize.reparameterization.Method;
import io.shiftadd.quantize.reparameterization.Refinement;
import io.shiftadd.quantize.reparameterization.ReparameterizationSettings;
import io.shiftadd.quantize.reparameterization.Targets;
import org.junit.jupiter.api.Test;

class RecipeTest {

    @Test
    void aNameIsTheMethodsDefaultOrThePublishedOne() {
        assertThat(Recipe.of("lut-gemm", 0, null).settings()).isEqualTo(ReparameterizationSettings.of(Method.LUT_GEMM));
        assertThat(Recipe.of("acc-paper", 3, 7).settings())
                .isEqualTo(
                        ReparameterizationSettings.paper(Method.ACC).withSeed(3).withTokensPerInput(7));
    }

    @Test
    void partsAreChanged() {
        String label = "lat:damping=0.1:rotation=none:refit=1x2:targets=none:order=false:terms=2:rounds=5:tokens=9"
                + ":bias=false:sequential=false:rows=4:columns=64";
        assertThat(Recipe.of(label, 0, null).settings())
                .isEqualTo(new ReparameterizationSettings(
                        Method.LAT,
                        2,
                        5,
                        false,
                        0.1,
                        Incoherence.NONE,
                        new Refinement(1, 2),
                        Targets.WEIGHTS,
                        false,
                        false,
                        4,
                        64,
                        9,
                        0));
    }

    @Test
    void saysWhichPartItDoesNotKnow() {
        for (String label : new String[] {"best", "acc:speed=1", "acc:refit=3", "acc:terms=9"}) {
            assertThatThrownBy(() -> Recipe.of(label, 0, null))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("'" + label + "'");
        }
    }
}
