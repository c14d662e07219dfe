package io.shiftadd.motion.planner;

/**
 * Random numbers that are a function of where they are used, (seed, plan, sample): whichever thread draws them, they
 * are the same. SplitMix64 (Steele et al. 2014) with Box and Muller's normal numbers. One thread at a time.
 */
public final class Noise {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1p-53;

    private long state;
    private boolean hasSpare;
    private double spare;

    /** Begins the numbers of one place. */
    public void begin(long seed, long plan, long sample) {
        state = mix(mix(mix(seed) ^ plan) ^ sample);
        hasSpare = false;
    }

    private static long mix(long value) {
        long z = value + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Even in (0, 1). */
    public double uniform() {
        state += GOLDEN;
        return ((mix(state) >>> 11) + 0.5) * UNIT;
    }

    /** Of mean 0 and deviation 1. */
    public double normal() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        double radius = Math.sqrt(-2 * Math.log(uniform()));
        double angle = 2 * Math.PI * uniform();
        spare = radius * Math.sin(angle);
        hasSpare = true;
        return radius * Math.cos(angle);
    }
}
