package io.shiftadd.inference.generation;

/** When an engine guesses how a choice goes on, to verify several tokens in one pass. What is generated is the same. */
public enum Speculation {
    /** Never. */
    OFF,
    /** As long as the guesses of this choice have paid, and now and then to find out whether they do. */
    AUTO,
    /** Whenever the last tokens have stood before. */
    ALWAYS
}
