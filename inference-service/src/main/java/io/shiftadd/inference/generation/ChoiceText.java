package io.shiftadd.inference.generation;

import io.shiftadd.tokenizer.IncrementalDecoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Text of one choice as it becomes safe to emit: whole characters, no stop string, each piece with the scores of the
 * tokens it comes from.
 */
final class ChoiceText {

    private final IncrementalDecoder decoder;
    private final StopStrings stops;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private long decoded;
    private long emitted;

    /** @param start characters decoded before the token: once more than these are out, the token is */
    private record Pending(ScoredToken token, long start) {}

    /** A piece of text and the tokens it comes from. */
    record Piece(String text, List<ScoredToken> tokens) {

        boolean isEmpty() {
            return text.isEmpty() && tokens.isEmpty();
        }
    }

    ChoiceText(IncrementalDecoder decoder, List<String> stops) {
        this.decoder = decoder;
        this.stops = new StopStrings(stops);
    }

    void score(ScoredToken token) {
        pending.add(new Pending(token, decoded));
    }

    Piece push(int token) {
        return emit(decoder.push(token), false);
    }

    Piece finish() {
        return emit(decoder.finish(), true);
    }

    boolean stopped() {
        return stops.stopped();
    }

    private Piece emit(String text, boolean last) {
        decoded += text.length();
        String safe = stops.push(text);
        if (last) {
            safe += stops.finish();
        }
        emitted += safe.length();
        List<ScoredToken> tokens = new ArrayList<>();
        while (!pending.isEmpty() && isOut(pending.getFirst(), last)) {
            tokens.add(pending.removeFirst().token());
        }
        return new Piece(safe, tokens);
    }

    private boolean isOut(Pending token, boolean last) {
        return token.start() < emitted || last && !stops.stopped();
    }
}
