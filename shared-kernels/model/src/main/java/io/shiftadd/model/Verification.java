package io.shiftadd.model;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.TensorView;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Compares a model's forward pass with what a reference implementation computed.
 *
 * <p>A reference is a safetensors file with {@code input_ids.i} (integers {@code [tokens]}) and {@code logits.i}
 * (floats {@code [tokens, vocabulary]}) for i = 0, 1, …, and perhaps {@code greedy}: one of the inputs followed by the
 * tokens that greedy decoding continues it with.
 */
public final class Verification {

    private static final String INPUT = "input_ids.";
    private static final String LOGITS = "logits.";
    private static final String GREEDY = "greedy";

    private final CausalLanguageModel model;
    private final Checkpoint reference;
    private final KernelContext context;

    private Verification(CausalLanguageModel model, Checkpoint reference, KernelContext context) {
        this.model = model;
        this.reference = reference;
        this.context = context;
    }

    /**
     * One input of the reference.
     *
     * @param maxAbsolute largest difference of a logit; infinite where one is not a number
     * @param maxRelative that, divided by the largest magnitude of a reference logit
     * @param topOneAgreement part of the tokens after which both have the same most likely next token
     */
    public record Comparison(int index, int tokens, double maxAbsolute, double maxRelative, double topOneAgreement) {}

    /**
     * Greedy decoding, a token at a time with a cache.
     *
     * @param tokens how many the reference continues with
     * @param reproduced how many of them, from the first on, came out the same
     */
    public record GreedyDecoding(int tokens, int reproduced) {

        public boolean complete() {
            return reproduced == tokens;
        }
    }

    /** What was found. */
    public record Report(List<Comparison> comparisons, Optional<GreedyDecoding> greedy) {

        public double maxRelative() {
            return comparisons.stream()
                    .mapToDouble(Comparison::maxRelative)
                    .max()
                    .orElse(0);
        }
    }

    /**
     * @throws FormatException if the reference is incomplete or belongs to another vocabulary
     */
    public static Report run(CausalLanguageModel model, Checkpoint reference, KernelContext context) {
        return new Verification(model, reference, context).report();
    }

    private Report report() {
        List<Comparison> comparisons = new ArrayList<>();
        for (int i = 0; reference.contains(INPUT + i); i++) {
            comparisons.add(compare(i));
        }
        if (comparisons.isEmpty()) {
            throw new FormatException(
                    "has no tensor '" + INPUT + "0'",
                    "the reference",
                    "it holds input_ids.0, logits.0, input_ids.1, …",
                    "Check that this file is a reference.");
        }
        return new Report(
                List.copyOf(comparisons),
                reference.contains(GREEDY) ? Optional.of(decode(comparisons.size())) : Optional.empty());
    }

    private Comparison compare(int index) {
        int[] ids = ids(INPUT + index);
        int vocabulary = model.config().vocabularySize();
        TensorView expectedLogits = reference.tensor(LOGITS + index);
        long[] shape = {ids.length, vocabulary};
        if (!Arrays.equals(expectedLogits.shape(), shape)) {
            throw new FormatException(
                    "tensor '" + LOGITS + index + "' has shape " + Arrays.toString(expectedLogits.shape()),
                    "the reference",
                    "expected " + Arrays.toString(shape) + ": tokens of '" + INPUT + index + "', vocab_size",
                    "Check that the reference belongs to this model.");
        }
        float[] expected = expectedLogits.toFloatArray();
        float[] actual = logits(TokenBatch.of(model.newCache(ids.length), ids));
        double difference = 0;
        double largest = 0;
        int agreed = 0;
        for (int t = 0; t < ids.length; t++) {
            for (int i = t * vocabulary; i < (t + 1) * vocabulary; i++) {
                double d = Math.abs((double) actual[i] - expected[i]);
                difference = Math.max(difference, Double.isNaN(d) ? Double.POSITIVE_INFINITY : d);
                largest = Math.max(largest, Math.abs(expected[i]));
            }
            if (Logits.largest(actual, t * vocabulary, vocabulary)
                    == Logits.largest(expected, t * vocabulary, vocabulary)) {
                agreed++;
            }
        }
        double relative = difference == 0 ? 0 : difference / largest;
        return new Comparison(index, ids.length, difference, relative, (double) agreed / ids.length);
    }

    private GreedyDecoding decode(int inputs) {
        int[] expected = ids(GREEDY);
        int prompt = promptLength(expected, inputs);
        KvCache cache = model.newCache(expected.length);
        int[] next = Arrays.copyOf(expected, prompt);
        for (int i = prompt; i < expected.length; i++) {
            float[] logits = logits(TokenBatch.of(cache, next));
            int vocabulary = model.config().vocabularySize();
            int token = Logits.largest(logits, (next.length - 1) * vocabulary, vocabulary);
            if (token != expected[i]) {
                return new GreedyDecoding(expected.length - prompt, i - prompt);
            }
            next = new int[] {token};
        }
        return new GreedyDecoding(expected.length - prompt, expected.length - prompt);
    }

    /** The longest input that the greedy text starts with. */
    private int promptLength(int[] greedy, int inputs) {
        int longest = 0;
        for (int i = 0; i < inputs; i++) {
            int[] ids = ids(INPUT + i);
            if (ids.length < greedy.length && Arrays.equals(ids, Arrays.copyOf(greedy, ids.length))) {
                longest = Math.max(longest, ids.length);
            }
        }
        if (longest == 0) {
            throw new FormatException(
                    "tensor '" + GREEDY + "' continues none of the inputs",
                    "the reference",
                    "it starts with one of input_ids.0, input_ids.1, …",
                    "Write the reference again with the prompt before the greedy tokens.");
        }
        return longest;
    }

    private int[] ids(String name) {
        int[] ids = reference.tensor(name).toIntArray();
        for (int id : ids) {
            if (id < 0 || id >= model.config().vocabularySize()) {
                throw new FormatException(
                        "tensor '" + name + "' has the token " + id,
                        "the reference",
                        "the vocabulary has ids 0 to " + (model.config().vocabularySize() - 1),
                        "Check that the reference belongs to this model.");
            }
        }
        if (ids.length == 0) {
            throw new FormatException(
                    "tensor '" + name + "' is empty", "the reference", "it holds token ids", "Write it again.");
        }
        return ids;
    }

    private float[] logits(TokenBatch batch) {
        int tokens = batch.tokens();
        float[] hidden = new float[Math.multiplyExact(tokens, model.config().hiddenSize())];
        float[] logits = new float[Math.multiplyExact(tokens, model.config().vocabularySize())];
        model.forward(batch, hidden, context);
        model.logits(hidden, tokens, logits, context);
        return logits;
    }
}
