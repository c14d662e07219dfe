package io.shiftadd.quantize.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.job.NumberSetting;
import io.shiftadd.job.TaskName;
import io.shiftadd.quantize.evaluation.Task;
import io.shiftadd.quantize.reparameterization.Method;
import io.shiftadd.quantize.reparameterization.ReparameterizationSettings;
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

    @Test
    void defaultsAreThoseOfTheRecipe() {
        assertThat(ReparameterizationSettings.DEFAULT_ROUNDS).isEqualTo(NumberSetting.ROUNDS.byDefault());
        assertThat(ReparameterizationSettings.DEFAULT_TERMS).isEqualTo(NumberSetting.TERMS.byDefault());
    }
}
