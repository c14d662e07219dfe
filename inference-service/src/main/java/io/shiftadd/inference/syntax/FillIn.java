package io.shiftadd.inference.syntax;

import io.shiftadd.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * How a model is asked for what stands between two texts: tokens that its training put before each of them, and before
 * what it is to write. Found from its vocabulary.
 *
 * @param middle empty where what stands before comes last, and is gone on with
 */
public record FillIn(String before, String after, String middle) {

    private static final List<FillIn> KNOWN = List.of(
            // Qwen-Coder, CodeGemma, Granite 4
            new FillIn("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
            // StarCoder, Granite-Code
            new FillIn("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),
            // SantaCoder
            new FillIn("<fim-prefix>", "<fim-suffix>", "<fim-middle>"),
            // DeepSeek-Coder
            new FillIn("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"),
            // Code Llama
            new FillIn("▁<PRE>", "▁<SUF>", "▁<MID>"),
            // Codestral
            new FillIn("[PREFIX]", "[SUFFIX]", ""));

    /** Empty for a model that has learned nothing of the kind. */
    public static Optional<FillIn> of(Tokenizer tokenizer) {
        return KNOWN.stream()
                .filter(known -> known.marks().allMatch(mark -> hasToken(tokenizer, mark)))
                .findFirst();
    }

    private Stream<String> marks() {
        return Stream.of(before, after, middle).filter(mark -> !mark.isEmpty());
    }

    /** A token of its own, that a text with these characters becomes. */
    private static boolean hasToken(Tokenizer tokenizer, String mark) {
        OptionalInt id = tokenizer.id(mark);
        int[] encoded = id.isPresent() ? tokenizer.encode(mark, false) : new int[0];
        return encoded.length == 1 && encoded[0] == id.getAsInt();
    }

    /** The prompt, to which the tokenizer adds what it puts before a text. */
    public String prompt(String textBefore, String textAfter) {
        return middle.isEmpty()
                ? after + textAfter + before + textBefore
                : before + textBefore + after + textAfter + middle;
    }
}
