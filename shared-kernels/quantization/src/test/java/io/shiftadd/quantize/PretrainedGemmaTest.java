package io.shiftadd.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shiftadd.SharedFiles;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.Logits;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.quantize.evaluation.Perplexity;
import io.shiftadd.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A model that others have trained, Gemma 3 of 270 M weights as GGUF with blocks of five types: it computes what
 * transformers computes on its expanded weights. {@code .ci/fetch-pretrained} fetches it into the directory that
 * SHIFTADD_PRETRAINED names.
 */
class PretrainedGemmaTest {

    private static final String FILE = "gemma-3-270m-q4_k_m.gguf";
    private static final int LENGTH = 512;

    /** The reference's perplexities over the first windows of the text. */
    private static final int[] WINDOWS = {4, 10};

    private static final double[] EXPECTED = {50.100, 69.575};

    private static Path model() {
        String directory = System.getProperty("SHIFTADD_PRETRAINED", System.getenv("SHIFTADD_PRETRAINED"));
        assumeTrue(directory != null, "SHIFTADD_PRETRAINED names no directory; see .ci/fetch-pretrained");
        Path file = Path.of(directory).resolve(FILE);
        assumeTrue(Files.exists(file), file + " is absent; see .ci/fetch-pretrained");
        return file;
    }

    @Test
    void hasThePerplexityOfTheReference() throws IOException {
        Path file = model();
        // The reference was computed on lines that end as Python reads them.
        String text = Files.readString(SharedFiles.require("data/text/wikitext2-test.txt"))
                .replace("\r\n", "\n");
        try (Tokenizer tokenizer = Tokenizer.open(file);
                CausalLanguageModel model = CausalLanguageModel.open(file);
                KernelContext context = KernelContext.create()) {
            int[] ids = tokenizer.encode(text, true);
            double loss = 0;
            long predictions = 0;
            for (int i = 0; i < EXPECTED.length; i++) {
                int first = i == 0 ? 0 : WINDOWS[i - 1];
                int[][] windows = IntStream.range(first, WINDOWS[i])
                        .mapToObj(w -> Arrays.copyOfRange(ids, w * LENGTH, (w + 1) * LENGTH))
                        .toArray(int[][]::new);
                Perplexity some = Perplexity.evaluate(model, windows, context);
                loss += Math.log(some.value()) * some.predictions();
                predictions += some.predictions();
                assertThat(Math.exp(loss / predictions))
                        .as("over " + WINDOWS[i] + " windows")
                        .isCloseTo(EXPECTED[i], within(0.003 * EXPECTED[i]));
            }
        }
    }

    @Test
    void goesOnAsTheReferenceDoes() {
        Path file = model();
        String expected = " the capital of the country of France. It is the largest city in France and the second"
                + " largest city in Europe.";
        try (Tokenizer tokenizer = Tokenizer.open(file);
                CausalLanguageModel model = CausalLanguageModel.open(file);
                KernelContext context = KernelContext.create()) {
            int[] prompt = tokenizer.encode("The capital of France is", true);
            int[] wanted = tokenizer.encode(expected, false);
            int[] generated = new int[wanted.length];
            KvCache cache = model.newCache(prompt.length + wanted.length);
            int[] input = prompt;
            for (int i = 0; i < generated.length; i++) {
                generated[i] = next(model, cache, input, context);
                input = new int[] {generated[i]};
            }
            assertThat(tokenizer.decode(generated, true)).isEqualTo(expected);
        }
    }

    private static int next(CausalLanguageModel model, KvCache cache, int[] ids, KernelContext context) {
        int width = model.config().hiddenSize();
        int vocabulary = model.config().vocabularySize();
        float[] hidden = new float[ids.length * width];
        model.forward(TokenBatch.of(cache, ids), hidden, context);
        float[] logits = new float[vocabulary];
        model.logits(Arrays.copyOfRange(hidden, hidden.length - width, hidden.length), 1, logits, context);
        return Logits.largest(logits, 0, vocabulary);
    }
}
