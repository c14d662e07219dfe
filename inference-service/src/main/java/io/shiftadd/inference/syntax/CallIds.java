package io.shiftadd.inference.syntax;

import java.security.SecureRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Names for calls, in the form that the model's template takes back. */
final class CallIds {

    private static final String LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    /** Mistral's templates refuse any other length. */
    private static final int MISTRAL_LENGTH = 9;

    private static final int LENGTH = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    private CallIds() {}

    static String next(@Nullable ToolFormat format) {
        boolean mistral = format == ToolFormat.MISTRAL || format == ToolFormat.MISTRAL_NAMED;
        return mistral ? letters(MISTRAL_LENGTH) : "call_" + letters(LENGTH);
    }

    private static String letters(int count) {
        return RANDOM.ints(count, 0, LETTERS.length())
                .mapToObj(at -> String.valueOf(LETTERS.charAt(at)))
                .collect(Collectors.joining());
    }
}
