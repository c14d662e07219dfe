package io.shiftadd.inference.openai;

import io.shiftadd.inference.generation.FinishReason;

/** How the API calls the ends of a choice. */
final class FinishReasons {

    private FinishReasons() {}

    static String name(FinishReason reason) {
        return switch (reason) {
            case STOP -> "stop";
            case LENGTH -> "length";
        };
    }
}
