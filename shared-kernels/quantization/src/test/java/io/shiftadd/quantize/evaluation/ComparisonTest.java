package io.shiftadd.quantize.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.TokenBatch;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Two sample models with vocabularies of one size stand for an original and what was made of it. */
class ComparisonTest {

    private static final Path SAMPLE = Path.of("../../samples/llama-mini");
    private static final Path OTHER = Path.of("../../samples/opt-mini");
    private static final int[][] WINDOWS = {{1, 5, 9, 200, 31}, {1, 77}};

    @Test
    void aModelIsNoDistanceFromItself() {
        try (CausalLanguageModel model = CausalLanguageModel.open(SAMPLE);
                KernelContext context = KernelContext.create(2)) {
            Comparison comparison = Comparison.evaluate(model, model, WINDOWS, context, (_, _) -> {});
            assertThat(comparison.divergence()).isCloseTo(0, within(1e-12));
            assertThat(comparison.agreement()).isEqualTo(1);
            assertThat(comparison.model()).isEqualTo(comparison.original());
            assertThat(comparison.original()).isEqualTo(Perplexity.evaluate(model, WINDOWS, context));
        }
    }

    @Test
    void isTheMeanOfWhatEachTokenSays() {
        try (CausalLanguageModel first = CausalLanguageModel.open(SAMPLE);
                CausalLanguageModel second = CausalLanguageModel.open(OTHER);
                KernelContext context = KernelContext.create(2)) {
            Comparison comparison = Comparison.evaluate(first, second, WINDOWS, context, (_, _) -> {});
            double divergence = 0;
            double agreement = 0;
            for (int[] window : WINDOWS) {
                for (int t = 1; t < window.length; t++) {
                    double[] p = distribution(first, Arrays.copyOf(window, t), context);
                    double[] q = distribution(second, Arrays.copyOf(window, t), context);
                    for (int i = 0; i < p.length; i++) {
                        divergence += p[i] * Math.log(p[i] / q[i]);
                    }
                    agreement += likeliest(p) == likeliest(q) ? 1 : 0;
                }
            }
            assertThat(comparison.divergence()).isCloseTo(divergence / 5, within(1e-3 * divergence));
            assertThat(comparison.agreement()).isEqualTo(agreement / 5);
            assertThat(comparison.model()).isEqualTo(Perplexity.evaluate(second, WINDOWS, context));
        }
    }

    @Test
    void isTheSameOnAnyNumberOfThreads() {
        try (CausalLanguageModel first = CausalLanguageModel.open(SAMPLE);
                CausalLanguageModel second = CausalLanguageModel.open(OTHER);
                KernelContext one = KernelContext.create(1);
                KernelContext two = KernelContext.create(2)) {
            assertThat(Comparison.evaluate(first, second, WINDOWS, two, (_, _) -> {}))
                    .isEqualTo(Comparison.evaluate(first, second, WINDOWS, one, (_, _) -> {}));
        }
    }

    @Test
    void refusesAVocabularyOfAnotherSize() {
        Path other = Path.of("../model/src/test/resources/references/bloom");
        try (CausalLanguageModel first = CausalLanguageModel.open(SAMPLE);
                CausalLanguageModel second = CausalLanguageModel.open(other);
                KernelContext context = KernelContext.create(1)) {
            assertThatThrownBy(() -> Comparison.evaluate(first, second, WINDOWS, context, (_, _) -> {}))
                    .hasMessageContaining("cannot be compared");
        }
    }

    private static double[] distribution(CausalLanguageModel model, int[] prefix, KernelContext context) {
        float[] hidden = new float[prefix.length * model.config().hiddenSize()];
        model.forward(TokenBatch.of(model.newCache(prefix.length), prefix), hidden, context);
        int vocabulary = model.config().vocabularySize();
        float[] logits = new float[prefix.length * vocabulary];
        model.logits(hidden, prefix.length, logits, context);
        double[] p = new double[vocabulary];
        double sum = 0;
        for (int i = 0; i < vocabulary; i++) {
            p[i] = Math.exp(logits[(prefix.length - 1) * vocabulary + i]);
            sum += p[i];
        }
        for (int i = 0; i < vocabulary; i++) {
            p[i] /= sum;
        }
        return p;
    }

    private static int likeliest(double[] p) {
        int best = 0;
        for (int i = 1; i < p.length; i++) {
            best = p[i] > p[best] ? i : best;
        }
        return best;
    }
}
