package io.shiftadd.motion.task;

import io.shiftadd.motion.description.Thing;
import io.shiftadd.motion.mujoco.Simulation;
import io.shiftadd.motion.reward.Arm;

/** By what a run of the arm is judged: the last second counts. */
final class ArmCriterion implements Criterion {

    private static final double TOUCHED = 0.045;
    private static final double LIFTED = 0.15;
    private static final double BESIDE = 0.09;
    private static final double ON_THE_FLOOR = 0.05;
    private static final double OPEN = 0.8;

    private final String task;
    private final Arm arm;
    private final double lastSecond;
    private int counted;
    private boolean held = true;

    /** @param lastSecond time at which the last second begins */
    ArmCriterion(String task, Arm arm, double lastSecond) {
        this.task = task;
        this.arm = arm;
        this.lastSecond = lastSecond;
    }

    @Override
    public void look(Simulation state) {
        if (state.time() >= lastSecond) {
            counted++;
            held &= holds(state);
        }
    }

    private boolean holds(Simulation state) {
        double height = arm.place(state, Thing.CUBE, 2);
        return switch (task) {
            case "touch" -> arm.distance(state, Thing.CUBE) <= TOUCHED;
            case "lift" -> height >= LIFTED;
            case "next_to" -> {
                double x = arm.place(state, Thing.CUBE, 0) - arm.place(state, Thing.CRATE, 0);
                double y = arm.place(state, Thing.CUBE, 1) - arm.place(state, Thing.CRATE, 1);
                yield height <= ON_THE_FLOOR && Math.hypot(x, y) <= BESIDE;
            }
            case "open" -> arm.drawer(state) >= OPEN;
            default -> throw new IllegalArgumentException("the arm has no task '" + task + "'");
        };
    }

    @Override
    public boolean met() {
        return counted > 0 && held;
    }
}
