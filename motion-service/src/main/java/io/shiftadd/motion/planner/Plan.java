package io.shiftadd.motion.planner;

/** Positions wanted of each joint from a time on: knots, linear between them, the last one held. */
public final class Plan {

    private final int joints;
    private final double[] knots;
    private double start;

    /** @param positions of each joint, held */
    public Plan(double[] positions) {
        this.joints = positions.length;
        this.knots = new double[PlannerSettings.KNOTS * joints];
        for (int knot = 0; knot < PlannerSettings.KNOTS; knot++) {
            System.arraycopy(positions, 0, knots, knot * joints, joints);
        }
    }

    public void copy(Plan other) {
        System.arraycopy(other.knots, 0, knots, 0, knots.length);
        start = other.start;
    }

    /** The knots themselves, knot by knot. */
    double[] knots() {
        return knots;
    }

    /** Lets it begin at a later time: knots move to where the plan has been. */
    void shift(double time, double[] scratch) {
        for (int knot = 0; knot < PlannerSettings.KNOTS; knot++) {
            at(knots, joints, time - start + knot * PlannerSettings.KNOT_SECONDS, scratch, knot * joints);
        }
        System.arraycopy(scratch, 0, knots, 0, knots.length);
        start = time;
    }

    /** What is wanted at a time, in simulated seconds. */
    public void at(double time, double[] wanted) {
        at(knots, joints, time - start, wanted, 0);
    }

    static void at(double[] knots, int joints, double since, double[] wanted, int offset) {
        double place = Math.clamp(since / PlannerSettings.KNOT_SECONDS, 0, PlannerSettings.KNOTS - 1);
        int before = Math.min((int) place, PlannerSettings.KNOTS - 2);
        double share = place - before;
        int from = before * joints;
        for (int joint = 0; joint < joints; joint++) {
            double a = knots[from + joint];
            double b = knots[from + joints + joint];
            wanted[offset + joint] = a + (b - a) * share;
        }
    }
}
