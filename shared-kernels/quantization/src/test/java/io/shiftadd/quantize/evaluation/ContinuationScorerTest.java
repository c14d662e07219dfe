package io.shiftadd.quantize.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.quantize.evaluation.Example.Choice;
import io.shiftadd.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContinuationScorerTest {

    private static final Path SAMPLES = Path.of("..", "..", "samples");
    private static final String STORY =
            "Once upon a time, there was a little girl named Lily. She loved to play outside";

    private final KernelContext context = KernelContext.create(2);

    @AfterEach
    void close() {
        context.close();
    }

    private static Example example(String query, String... choices) {
        List<Choice> all = new ArrayList<>();
        for (String choice : choices) {
            all.add(new Choice(query, choice, choice.strip().length()));
        }
        return new Example("", all, 0);
    }

    /** Whole sequences alone, all logits, nothing shared: what the harness computes. */
    private ContinuationScore plainly(CausalLanguageModel model, Tokenizer tokenizer, Choice choice) {
        String stripped = choice.context().stripTrailing();
        int[] alone = tokenizer.encode(stripped, true);
        int[] joint = tokenizer.encode(choice.context() + choice.continuation(), true);
        int[] whole = joint.clone();
        // the boundary may fall inside a token of the whole; then the context is read as it is alone
        System.arraycopy(alone, 0, whole, 0, alone.length);
        int most = model.config().contextLength() + 1;
        int cut = Math.max(0, whole.length - most);
        int length = whole.length - 1 - cut;
        int[] inputs = new int[length];
        System.arraycopy(whole, cut, inputs, 0, length);
        float[] hidden = new float[length * model.config().hiddenSize()];
        model.forward(TokenBatch.of(model.newCache(length), inputs), hidden, context);
        int vocabulary = model.config().vocabularySize();
        float[] logits = new float[length * vocabulary];
        model.logits(hidden, length, logits, context);
        double sum = 0;
        boolean greedy = true;
        for (int t = alone.length; t < whole.length; t++) {
            int row = (t - 1 - cut) * vocabulary;
            double norm = 0;
            int likeliest = 0;
            for (int i = 0; i < vocabulary; i++) {
                norm += Math.exp(logits[row + i]);
                likeliest = logits[row + i] > logits[row + likeliest] ? i : likeliest;
            }
            sum += logits[row + whole[t]] - Math.log(norm);
            greedy &= likeliest == whole[t];
        }
        return new ContinuationScore(sum, greedy);
    }

    /** What the model itself goes on with. */
    private String likeliest(CausalLanguageModel model, Tokenizer tokenizer) {
        int[] ids = tokenizer.encode(STORY, true);
        float[] hidden = new float[ids.length * model.config().hiddenSize()];
        model.forward(TokenBatch.of(model.newCache(ids.length), ids), hidden, context);
        float[] logits = new float[ids.length * model.config().vocabularySize()];
        model.logits(hidden, ids.length, logits, context);
        int row = logits.length - model.config().vocabularySize();
        int likeliest = 0;
        for (int i = 0; i < model.config().vocabularySize(); i++) {
            likeliest = logits[row + i] > logits[row + likeliest] ? i : likeliest;
        }
        int[] longer = java.util.Arrays.copyOf(ids, ids.length + 1);
        longer[ids.length] = likeliest;
        return tokenizer
                .decode(longer, true)
                .substring(tokenizer.decode(ids, true).length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-mini", "opt-mini"})
    void givesWhatWholeSequencesGive(String sample) {
        List<Example> given = List.of(
                example(STORY, " in the park.", " with her friend Tom, who was a very big dog.", " and", " x"),
                example("The cat sat on the ", "mat.", "moon and sang."),
                example(STORY + ". One day", ", she", " her mom said to her that it was time"),
                example("Q: Is it?\nA:", " yes", " no"),
                example("word ".repeat(700), " yes", " no and some more words that make it longer"));
        try (CausalLanguageModel model = CausalLanguageModel.open(SAMPLES.resolve(sample));
                Tokenizer tokenizer = Tokenizer.open(SAMPLES.resolve(sample))) {
            List<Example> examples = new ArrayList<>(given);
            examples.add(example(STORY, likeliest(model, tokenizer), " zebra"));
            List<List<ContinuationScore>> scores =
                    new ContinuationScorer(model, tokenizer, context).score(examples, (_, _) -> {});

            assertThat(scores).hasSameSizeAs(examples);
            int greedy = 0;
            for (int i = 0; i < examples.size(); i++) {
                for (int j = 0; j < examples.get(i).choices().size(); j++) {
                    ContinuationScore expected =
                            plainly(model, tokenizer, examples.get(i).choices().get(j));
                    ContinuationScore score = scores.get(i).get(j);
                    assertThat(score.logLikelihood())
                            .as("example %d, choice %d", i, j)
                            .isCloseTo(expected.logLikelihood(), within(2e-3))
                            .isNegative();
                    assertThat(score.greedy()).isEqualTo(expected.greedy());
                    greedy += score.greedy() ? 1 : 0;
                }
            }
            assertThat(greedy)
                    .as("the model writes at least one of them itself")
                    .isPositive();
        }
    }

    @Test
    void isTheSameOnAnyNumberOfThreads() {
        List<Example> examples = List.of(example(STORY, " in the park.", " with"), example("The cat", " sat", " ran."));
        try (CausalLanguageModel model = CausalLanguageModel.open(SAMPLES.resolve("llama-mini"));
                Tokenizer tokenizer = Tokenizer.open(SAMPLES.resolve("llama-mini"));
                KernelContext one = KernelContext.create(1)) {
            assertThat(new ContinuationScorer(model, tokenizer, one).score(examples, (_, _) -> {}))
                    .isEqualTo(new ContinuationScorer(model, tokenizer, context).score(examples, (_, _) -> {}));
        }
    }

    @Test
    void refusesAChoiceThatIsLongerThanTheContext() {
        Example example = example("a", " b", " word".repeat(600));
        try (CausalLanguageModel model = CausalLanguageModel.open(SAMPLES.resolve("llama-mini"));
                Tokenizer tokenizer = Tokenizer.open(SAMPLES.resolve("llama-mini"))) {
            ContinuationScorer scorer = new ContinuationScorer(model, tokenizer, context);
            assertThatThrownBy(() -> scorer.score(List.of(example), (_, _) -> {}))
                    .isInstanceOf(MeasurementException.class)
                    .hasMessageContaining("does not fit the model's context of 512");
        }
    }
}
