package io.shiftadd.motion.session;

/**
 * How many samples a plan may have so that plans keep up with the robot: fewer when plans take too long, because the
 * machine does other things, and more again as soon as there is time. One thread at a time.
 */
final class Pace {

    /** A plan that is older than this by the time it is made is worth less than a coarser one. */
    private static final double MOST_MILLISECONDS = 25;

    private static final double FEWER = 0.85;

    /** With less than these the robot falls more often than from plans that come late. */
    private static final double LEAST = 16;

    private static final double SMOOTHING = 0.2;

    private final int most;
    private double samples;
    private double milliseconds;

    Pace(int most) {
        this.most = most;
        this.samples = most;
    }

    int samples() {
        return (int) samples;
    }

    /** Of late, on average. */
    double milliseconds() {
        return milliseconds;
    }

    /** Learns what a plan with {@link #samples()} took. */
    void took(double took) {
        milliseconds = milliseconds == 0 ? took : milliseconds + SMOOTHING * (took - milliseconds);
        if (milliseconds > MOST_MILLISECONDS) {
            samples = Math.max(Math.min(LEAST, most), samples * FEWER);
            milliseconds *= FEWER;
        } else if (milliseconds * (samples + 1) / samples < MOST_MILLISECONDS * FEWER) {
            samples = Math.min(most, samples + 0.5);
        }
    }
}
