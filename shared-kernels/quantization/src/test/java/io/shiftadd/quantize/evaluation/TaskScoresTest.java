package io.shiftadd.quantize.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.quantize.evaluation.Example.Choice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskScoresTest {

    private final List<Example> examples = new ArrayList<>();
    private final List<List<ContinuationScore>> scores = new ArrayList<>();

    private void add(String group, int gold, double first, double second) {
        examples.add(new Example(group, List.of(new Choice("c", " ab", 2), new Choice("c", " abcdefgh", 8)), gold));
        scores.add(List.of(new ContinuationScore(first, false), new ContinuationScore(second, true)));
    }

    @Test
    void takesTheLikeliestChoiceAndTheLikeliestPerByte() {
        add("", 0, -2, -4);
        add("", 1, -2, -4);
        add("", 0, -3, -3);
        List<TaskScore> results = TaskScores.of(Task.COPA, examples, scores);

        assertThat(results).extracting(TaskScore::metric).containsExactly("acc", "acc_norm");
        assertThat(results.get(0).value()).as("of equals the first").isEqualTo(2.0 / 3);
        assertThat(results.get(1).value()).as("-4/8 beats -2/2").isEqualTo(1.0 / 3);
        assertThat(results.get(0).standardError()).isCloseTo(Math.sqrt(2.0 / 3 / 3 / 2), within(1e-12));
        assertThat(results.get(0).examples()).isEqualTo(3);
    }

    @Test
    void knowsNoErrorOfASingleExample() {
        add("", 0, -1, -2);
        assertThat(TaskScores.of(Task.COPA, examples, scores).getFirst().standardError())
                .isNaN();
    }

    @Test
    void givesPartsAfterTheWholeAndPoolsTheirErrors() {
        add("a", 0, -1, -2);
        add("a", 1, -1, -2);
        add("a", 0, -1, -2);
        add("b", 0, -1, -2);
        add("b", 1, -1, -2);
        List<TaskScore> results = TaskScores.of(Task.MMLU, examples, scores);

        assertThat(results)
                .extracting(TaskScore::task)
                .containsExactly("mmlu", "mmlu_a", "mmlu_b", "mmlu", "mmlu_a", "mmlu_b");
        assertThat(results.get(0).value()).isEqualTo(0.6);
        double ofA = 2.0 / 3 / 3 / 2;
        double ofB = 0.25;
        double pooled = (2 * ofA * 3 + 1 * ofB * 2) / (5 - 2) / 5;
        assertThat(results.get(0).standardError()).isCloseTo(Math.sqrt(pooled), within(1e-12));
    }

    @Test
    void measuresLastWordsByWhatTheModelWouldWrite() {
        double[] likelihoods = {-1, -3, -2};
        for (double likelihood : likelihoods) {
            examples.add(new Example("", List.of(new Choice("c", " word", 4)), 0));
            scores.add(List.of(new ContinuationScore(likelihood, likelihood > -2.5)));
        }
        List<TaskScore> results = TaskScores.of(Task.LAMBADA, examples, scores);

        assertThat(results.get(0).value()).isEqualTo(2.0 / 3);
        assertThat(results.get(1).metric()).isEqualTo("perplexity");
        assertThat(results.get(1).value()).isCloseTo(Math.exp(2), within(1e-12));
        assertThat(results.get(1).standardError()).isCloseTo(Math.exp(2) / Math.sqrt(3), within(1e-12));
    }
}
