package io.shiftadd.quantize.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.job.ModelDimensions;
import io.shiftadd.job.NumberSetting;
import io.shiftadd.job.TaskName;
import io.shiftadd.job.Tuning;
import io.shiftadd.job.TuningEstimate;
import io.shiftadd.model.family.Family;
import io.shiftadd.quantize.evaluation.Task;
import io.shiftadd.quantize.reparameterization.Method;
import io.shiftadd.quantize.reparameterization.ReparameterizationSettings;
import io.shiftadd.quantize.tuning.Tuner;
import io.shiftadd.quantize.tuning.TuningSettings;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a job may ask for, a worker can do. */
class ContractTest {

    @ParameterizedTest
    @EnumSource(io.shiftadd.job.Method.class)
    void everyMethodIsKnownToTheAlgorithms(io.shiftadd.job.Method asked) {
        assertThat(Method.valueOf(asked.name()).shiftsAndAdds()).isEqualTo(asked.shiftsAndAdds());
    }

    @ParameterizedTest
    @EnumSource(TaskName.class)
    void everyTaskIsKnownToTheEvaluation(TaskName asked) {
        assertThat(Task.of(asked.word())).isNotNull();
    }

    /** The registry refuses what a worker would. */
    @ParameterizedTest
    @EnumSource(Family.class)
    void everyFamilyThatIsNotTunedIsKnownToTheContract(Family family) {
        Set<Family> notTuned = EnumSet.of(Family.BITNET, Family.VIT, Family.DEIT);
        ModelDimensions model = new ModelDimensions(family.modelType(), 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        assertThat(model.canBeTuned()).isEqualTo(!notTuned.contains(family));
    }

    @Test
    void theTuningIsThatOfTheRecipe() {
        TuningSettings settings = TuningSettings.of(256, 2, Tuning.length(4096), 0);
        assertThat(settings.sequences()).isEqualTo(Tuning.SEQUENCES);
        assertThat(Tuner.WEIGHTS_IN_HALVES).isEqualTo(TuningEstimate.WEIGHTS_IN_16_BITS);
        assertThat(Tuner.KEPT_FLOATS).isEqualTo(TuningEstimate.KEPT_FLOATS);
        assertThat(settings.length()).isEqualTo(Tuning.length(4096)).isEqualTo(TuningSettings.DEFAULT_LENGTH);
    }

    @Test
    void defaultsAreThoseOfTheRecipe() {
        assertThat(ReparameterizationSettings.DEFAULT_ROUNDS).isEqualTo(NumberSetting.ROUNDS.byDefault());
        assertThat(ReparameterizationSettings.DEFAULT_TERMS).isEqualTo(NumberSetting.TERMS.byDefault());
    }
}
