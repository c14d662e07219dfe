package io.shiftadd.quantize.reparameterization;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.model.CausalLanguageModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CalibrationBudgetTest {

    private static final ReparameterizationSettings SETTINGS = ReparameterizationSettings.of(Method.LAT);

    @Test
    void takesTheFirstWindowsThatHoldEnoughTokensForTheWidestLayer() {
        Path path = Path.of("../../samples/llama-mini");
        try (CausalLanguageModel model =
                CausalLanguageModel.open(Files.isDirectory(path) ? path : Path.of("samples/llama-mini"))) {
            int widest = model.config().intermediateSize();
            int[][] windows = new int[3 * widest][1];
            for (int i = 0; i < windows.length; i++) {
                windows[i][0] = i;
            }
            int[][] used = CalibrationBudget.windows(windows, model, SETTINGS.withTokensPerInput(2));
            assertThat(used).hasDimensions(2 * widest, 1);
            assertThat(used[2 * widest - 1][0]).isEqualTo(2 * widest - 1);
            assertThat(CalibrationBudget.windows(windows, model, SETTINGS.withTokensPerInput(4)))
                    .hasDimensions(3 * widest, 1);
            assertThat(CalibrationBudget.windows(windows, model, SETTINGS.withTokensPerInput(0)))
                    .hasDimensions(3 * widest, 1);
            int[][] one = CalibrationBudget.windows(new int[2][widest], model, SETTINGS.withTokensPerInput(1));
            assertThat(one).hasDimensions(1, widest);
        }
    }
}
