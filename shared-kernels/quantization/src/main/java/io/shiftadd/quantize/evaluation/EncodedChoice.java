package io.shiftadd.quantize.evaluation;

import io.shiftadd.tokenizer.Tokenizer;
import java.util.Arrays;

/**
 * A context and its continuation as tokens, encoded as lm-evaluation-harness does: together, so that the boundary falls
 * as in running text, and then cut after as many tokens as the context alone has. White space at the end of the context
 * goes to the continuation. Special tokens are those that the tokenizer puts before a text by itself.
 *
 * @param context at least one token
 * @param continuation may be empty, when the last token of the context has swallowed it
 */
record EncodedChoice(int[] context, int[] continuation) {

    static EncodedChoice of(Example.Choice choice, Tokenizer tokenizer) {
        String context = choice.context().stripTrailing();
        String continuation = choice.context().substring(context.length()) + choice.continuation();
        if (context.isEmpty()) {
            return new EncodedChoice(new int[] {first(tokenizer)}, tokenizer.encode(continuation, false));
        }
        int[] whole = tokenizer.encodePrompt(context + continuation);
        int[] alone = tokenizer.encodePrompt(context);
        int cut = Math.min(alone.length, whole.length);
        return new EncodedChoice(alone, Arrays.copyOfRange(whole, cut, whole.length));
    }

    /** What stands before a continuation of nothing. */
    private static int first(Tokenizer tokenizer) {
        return tokenizer
                .bosId()
                .orElseGet(() -> tokenizer.eosIds().stream()
                        .min(Integer::compare)
                        .orElseThrow(() -> new MeasurementException(
                                "an empty context needs a token that begins a text, and the tokenizer has none",
                                "Leave the task out, or name a bos_token in tokenizer_config.json and import the model"
                                        + " again.")));
    }

    /**
     * The same, short enough: tokens at the beginning of the context are left out, so that all but the last token fit.
     *
     * @throws MeasurementException if the continuation alone does not fit
     */
    EncodedChoice within(int contextLength) {
        int excess = context.length + continuation.length - 1 - contextLength;
        if (excess <= 0) {
            return this;
        }
        if (excess >= context.length) {
            throw new MeasurementException(
                    "a choice of " + continuation.length + " tokens does not fit the model's context of "
                            + contextLength,
                    "Leave the task out, or evaluate a model with a longer context.");
        }
        return new EncodedChoice(Arrays.copyOfRange(context, excess, context.length), continuation);
    }
}
