package io.shiftadd.quantize.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The original data of every task, where it is at hand. */
class TaskDataTest {

    private static final Path DATA = Path.of("..", "..", "..", "shared", "data", "tasks");
    private static final Path SAMPLE = Path.of("..", "..", "samples", "llama-mini");

    @ParameterizedTest
    @EnumSource
    void readsAndScoresTheOriginalData(Task task) throws IOException {
        assumeTrue(Files.isDirectory(DATA), "no task data in ../shared/data/tasks");
        assertThat(task.examples(DATA, Integer.MAX_VALUE)).hasSizeGreaterThanOrEqualTo(100);
        List<Example> few = task.examples(DATA, 6);
        try (CausalLanguageModel model = CausalLanguageModel.open(SAMPLE);
                Tokenizer tokenizer = Tokenizer.open(SAMPLE);
                KernelContext context = KernelContext.create(2)) {
            List<TaskScore> scores = TaskScores.of(
                    task, few, new ContinuationScorer(model, tokenizer, context).score(few, (_, _) -> {}));
            assertThat(scores.getFirst().task()).isEqualTo(task.label());
            assertThat(scores.getFirst().examples()).isEqualTo(6);
            assertThat(scores).allSatisfy(score -> assertThat(score.value()).isBetween(0.0, 1e9));
        }
    }
}
