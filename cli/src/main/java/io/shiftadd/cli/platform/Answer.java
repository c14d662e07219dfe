package io.shiftadd.cli.platform;

/**
 * An answer that has come to its end.
 *
 * @param text all of it
 * @param finishReason as the service says; {@code interrupted} when the user ended it
 * @param promptTokens as the service counts them; 0 where it was interrupted before it said
 * @param tokens of the answer
 * @param firstTokenSeconds from the request to the first text
 * @param seconds from the first text to the last
 */
public record Answer(
        String text, String finishReason, int promptTokens, int tokens, double firstTokenSeconds, double seconds) {

    /** Of the tokens after the first, which the prompt is a part of; 0 where there are none. */
    public double tokensPerSecond() {
        return seconds <= 0 ? 0 : (tokens - 1) / seconds;
    }

    /** The line below an answer. */
    public String summary() {
        String rate = tokens < 2 ? "" : ", then %.0f a second".formatted(tokensPerSecond());
        return "%d token%s, first after %.0f ms%s"
                .formatted(tokens, tokens == 1 ? "" : "s", firstTokenSeconds * 1000, rate);
    }
}
