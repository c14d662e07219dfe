package io.shiftadd.inference.openai.answer;

import io.shiftadd.inference.generation.FinishReason;

/** How the API calls the ends of a choice. */
public final class FinishReasons {

    private FinishReasons() {}

    public static String name(FinishReason reason) {
        return switch (reason) {
            case STOP -> "stop";
            case LENGTH -> "length";
        };
    }
}
