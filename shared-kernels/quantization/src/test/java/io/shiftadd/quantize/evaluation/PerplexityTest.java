package io.shiftadd.quantize.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.quantize.calibration.TokenWindows;
import io.shiftadd.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class PerplexityTest {

    private static final Path SAMPLE = Path.of("../../samples/llama-mini");

    @Test
    void isTheExponentialOfTheMeanLossOverAllWindows() {
        int[][] windows = {{1, 5, 9, 200, 31}, {1, 77}};
        try (CausalLanguageModel model = CausalLanguageModel.open(SAMPLE);
                KernelContext context = KernelContext.create(2)) {
            Perplexity perplexity = Perplexity.evaluate(model, windows, context);
            double loss = 0;
            for (int[] window : windows) {
                for (int t = 1; t < window.length; t++) {
                    loss += loss(model, java.util.Arrays.copyOf(window, t), window[t], context);
                }
            }
            assertThat(perplexity.predictions()).isEqualTo(5);
            assertThat(perplexity.value()).isCloseTo(Math.exp(loss / 5), within(1e-3 * perplexity.value()));
        }
    }

    @Test
    void refusesWindowsWithNothingToForesee() {
        try (CausalLanguageModel model = CausalLanguageModel.open(SAMPLE);
                KernelContext context = KernelContext.create(1)) {
            assertThatThrownBy(() -> Perplexity.evaluate(model, new int[][] {{1}}, context))
                    .hasMessageContaining("window 0 has nothing to foresee");
        }
    }

    @Test
    void reproducesTheReferenceOnATrainedModel() throws IOException {
        Path shared = shared().orElse(null);
        Assumptions.assumeTrue(shared != null, "the shared models and texts are not here");
        Path directory = shared.resolve("models/llama-10m");
        try (CausalLanguageModel model = CausalLanguageModel.open(directory);
                Tokenizer tokenizer = Tokenizer.open(directory);
                KernelContext context = KernelContext.create(2)) {
            String text = Files.readString(shared.resolve("data/text/books-evaluation.txt"));
            int[][] windows = TokenWindows.consecutive(tokenizer.encode(text, true), 120, 512);
            double perplexity = Perplexity.evaluate(model, windows, context).value();
            // Measured with transformers, see fp of results/research-code.json.
            assertThat(perplexity).isCloseTo(46.09989407984, within(5e-3));
        }
    }

    private static double loss(CausalLanguageModel model, int[] prefix, int wanted, KernelContext context) {
        float[] hidden = new float[prefix.length * model.config().hiddenSize()];
        model.forward(TokenBatch.of(model.newCache(prefix.length), prefix), hidden, context);
        float[] logits = new float[prefix.length * model.config().vocabularySize()];
        model.logits(hidden, prefix.length, logits, context);
        int from = (prefix.length - 1) * model.config().vocabularySize();
        double sum = 0;
        for (int i = 0; i < model.config().vocabularySize(); i++) {
            sum += Math.exp(logits[from + i]);
        }
        return Math.log(sum) - logits[from + wanted];
    }

    private static Optional<Path> shared() {
        String given = System.getProperty("shiftadd.shared", System.getenv("SHIFTADD_SHARED"));
        return Stream.of(Optional.ofNullable(given).map(Path::of), Optional.of(Path.of("../../../shared")))
                .flatMap(Optional::stream)
                .filter(Files::isDirectory)
                .findFirst();
    }
}
