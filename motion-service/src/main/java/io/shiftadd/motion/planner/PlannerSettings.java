package io.shiftadd.motion.planner;

/**
 * How plans are made; the values of {@link #DEFAULT} are what a prototype found best (docs/motion.md).
 *
 * @param samples rollouts a plan, the plan as it was among them
 * @param threads that roll out
 */
public record PlannerSettings(int samples, int threads) {

    /** Seconds that a plan looks ahead. */
    static final double HORIZON = 0.4;

    /** Seconds of a step of a rollout. */
    static final double STEP = 0.01;

    static final int STEPS = (int) Math.round(HORIZON / STEP);

    /** Positions wanted of each joint, over the horizon; linear between them. */
    static final int KNOTS = 4;

    static final double KNOT_SECONDS = (STEPS - 1) * STEP / (KNOTS - 1);

    /** Noise of a knot in radians: each sample's own, between these two, evenly in its logarithm. */
    static final double MOST_NOISE = 0.3;

    static final double LEAST_NOISE = 0.05;

    /** Against the hip's. */
    static final double ABDUCTION_NOISE = 0.6;

    static final double KNEE_NOISE = 1.2;

    /** Of the weighted mean: a share of the distance from the best to the middle. */
    static final double TEMPERATURE = 0.1;

    /** Of the solver in rollouts. */
    static final int ITERATIONS = 6;

    static final double TOLERANCE = 1e-4;

    private static final int MOST_SAMPLES = 512;

    /** Two samples are the least of which one can be the better. */
    public static final int LEAST_SAMPLES = 4;

    public static final PlannerSettings DEFAULT =
            new PlannerSettings(32, Runtime.getRuntime().availableProcessors());

    public PlannerSettings {
        if (samples < LEAST_SAMPLES || samples > MOST_SAMPLES || threads < 1) {
            throw new IllegalArgumentException("samples is " + samples + " and threads " + threads + "; allowed: "
                    + LEAST_SAMPLES + " to " + MOST_SAMPLES + " samples on 1 thread or more");
        }
    }
}
