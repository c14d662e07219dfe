package io.shiftadd.motion.instruction;

import io.shiftadd.motion.description.RobotKind;
import java.net.URI;
import java.time.Duration;

/**
 * The language model.
 *
 * @param baseUrl with the version, as clients of OpenAI have it: {@code http://127.0.0.1:8082/v1}
 * @param apiKey empty for none
 * @param name of the model
 * @param prompt whether it is told what descriptions are
 * @param history turns before that it is told, at most
 * @param timeout of an answer
 */
public record LanguageModelSettings(
        URI baseUrl, String apiKey, String name, Prompt prompt, int history, Duration timeout) {

    /** Whether the model is told what descriptions are, with examples. */
    public enum Prompt {
        /** Unless its name begins with motion-mini, which was trained on those of the quadruped. */
        AUTO,
        ALWAYS,
        NEVER
    }

    boolean explains(RobotKind kind) {
        boolean trained = name.startsWith("motion-mini") && kind == RobotKind.QUADRUPED;
        return prompt == Prompt.ALWAYS || prompt == Prompt.AUTO && !trained;
    }
}
