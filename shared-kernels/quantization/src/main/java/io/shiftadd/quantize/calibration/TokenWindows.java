package io.shiftadd.quantize.calibration;

import java.util.SplittableRandom;

/** Cuts a tokenized text into the windows that calibration and evaluation use. */
public final class TokenWindows {

    private TokenWindows() {}

    /**
     * Windows that begin at random places, the same for the same seed on every machine; they may overlap.
     *
     * @param tokens of the whole text
     * @return {@code [samples][length]}
     * @throws IllegalArgumentException if the text has fewer than {@code length} tokens
     */
    public static int[][] random(int[] tokens, int samples, int length, long seed) {
        check(tokens, samples, length);
        SplittableRandom random = new SplittableRandom(seed);
        int[][] windows = new int[samples][length];
        for (int[] window : windows) {
            int start = random.nextInt(tokens.length - length + 1);
            System.arraycopy(tokens, start, window, 0, length);
        }
        return windows;
    }

    /**
     * The text from its beginning in windows that do not overlap; a rest that fills none is left out.
     *
     * @param most no more windows than this
     * @return at least one window
     * @throws IllegalArgumentException if the text has fewer than {@code length} tokens
     */
    public static int[][] consecutive(int[] tokens, int most, int length) {
        check(tokens, most, length);
        int[][] windows = new int[Math.min(most, tokens.length / length)][length];
        for (int i = 0; i < windows.length; i++) {
            System.arraycopy(tokens, i * length, windows[i], 0, length);
        }
        return windows;
    }

    private static void check(int[] tokens, int windows, int length) {
        if (windows < 1 || length < 1) {
            throw new IllegalArgumentException(
                    windows + " windows of " + length + " tokens: at least one of each is needed");
        }
        if (tokens.length < length) {
            throw new IllegalArgumentException("the text has " + tokens.length + " tokens, a window takes " + length
                    + "; give a longer text or a shorter sequence length");
        }
    }
}
