package io.shiftadd.tokenizer.jinja;

import java.util.concurrent.CancellationException;

/**
 * What one rendering may use. Every step costs, and so does every character or element that is made or looked through,
 * so that the budget bounds both time and memory.
 */
final class Budget {

    /** A quarter of a second or so, and some tens of megabytes; real templates take a few thousand steps. */
    private static final long BASE = 16L << 20;

    /** Templates copy a long text a few times: trimmed, joined with its neighbours, printed. */
    private static final long PER_CHARACTER = 32;

    /** Some templates look through the rest of a conversation for each of its messages. */
    private static final long PER_ELEMENT = 1024;

    /** A second or two. */
    private static final long MAX_FOR_ELEMENTS = 128L << 20;

    private static final int STEP = 8;

    private static final int STEPS_BETWEEN_LOOKS = 1 << 14;

    /** Calls of macros and nested expressions within one another; each takes some stack. */
    private static final int MAX_DEPTH = 400;

    private final long limit;
    private long used;
    private long looked;
    private int depth;

    /**
     * @param inputSize characters and elements of the variables
     */
    Budget(long inputSize) {
        this.limit = BASE + PER_CHARACTER * inputSize + Math.min(PER_ELEMENT * inputSize, MAX_FOR_ELEMENTS);
    }

    void enter() {
        charge(STEP);
        if (++depth > MAX_DEPTH) {
            throw new JinjaException("more than " + MAX_DEPTH + " calls and expressions within one another");
        }
    }

    void leave() {
        depth--;
    }

    /** Before so many characters or elements are made or looked through. Nobody may want the text any more. */
    void charge(long size) {
        used += size;
        if (used > limit) {
            throw new JinjaException("takes too long or too much memory (more than " + limit + " steps)");
        }
        if (used - looked >= STEPS_BETWEEN_LOOKS) {
            looked = used;
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("interrupted while a template was rendered");
            }
        }
    }
}
