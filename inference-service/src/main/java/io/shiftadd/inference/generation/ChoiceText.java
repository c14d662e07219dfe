package io.shiftadd.inference.generation;

import io.shiftadd.inference.generation.sampling.ScoredToken;
import io.shiftadd.tokenizer.IncrementalDecoder;
import io.shiftadd.tokenizer.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Text of one choice as it becomes safe to emit: whole characters, no stop string, each piece with the scores of the
 * tokens it comes from.
 */
final class ChoiceText {

    private final Tokenizer tokenizer;
    private final IncrementalDecoder decoder;
    private final StopStrings stops;
    private final Set<Integer> written;
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

    /**
     * @param decoder that has seen the prompt
     * @param written special tokens that are text
     */
    ChoiceText(Tokenizer tokenizer, IncrementalDecoder decoder, List<String> stops, Set<Integer> written) {
        this.tokenizer = tokenizer;
        this.decoder = decoder;
        this.stops = new StopStrings(stops);
        this.written = written;
    }

    /** @param score of the token, or null when none is wanted */
    Piece push(int token, @Nullable ScoredToken score) {
        String text = decoder.push(token);
        if (score != null) {
            pending.add(new Pending(score, decoded + decoder.settled()));
        }
        boolean special = tokenizer.isSpecial(token);
        if (special && written.contains(token)) {
            text += tokenizer.token(token);
            special = false;
        }
        decoded += text.length();
        String safe = special ? stops.pushHidden(tokenizer.token(token)) : "";
        return emit(safe + stops.push(text), false);
    }

    Piece finish() {
        String text = decoder.finish();
        decoded += text.length();
        return emit(stops.push(text) + stops.finish(), true);
    }

    boolean stopped() {
        return stops.stopped();
    }

    /** The stop string that was found; null when there is none. */
    @Nullable
    String stop() {
        return stops.found();
    }

    private Piece emit(String safe, boolean last) {
        emitted += safe.length();
        List<ScoredToken> tokens = new ArrayList<>();
        while (!pending.isEmpty() && isOut(pending.getFirst(), last)) {
            tokens.add(pending.removeFirst().token());
        }
        return new Piece(safe, tokens);
    }

    private boolean isOut(Pending token, boolean last) {
        return token.start() < emitted || last && !stopped();
    }
}
