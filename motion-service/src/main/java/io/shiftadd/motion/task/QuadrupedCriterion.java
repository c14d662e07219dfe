package io.shiftadd.motion.task;

import io.shiftadd.motion.description.Foot;
import io.shiftadd.motion.mujoco.Simulation;
import io.shiftadd.motion.reward.Robot;
import java.util.List;

/** By what a run of the quadruped is judged: the last second counts, and falling. */
final class QuadrupedCriterion implements Criterion {

    private static final double FALLEN_HEIGHT = 0.12;
    private static final double FALLEN_TILT = 1.0;

    /** One second of one task. */
    private final String task;

    private final Robot robot;
    private final double lastSecond;
    private final double before;
    private boolean fallen;
    private boolean held = true;
    private int counted;
    private double turned;
    private double lowestPaw = Double.POSITIVE_INFINITY;
    private int countedBefore;
    private double pawBefore;

    /**
     * @param lastSecond time at which the last second begins
     * @param before time at which the last second of the task before ends, 0 for none
     */
    QuadrupedCriterion(String task, Robot robot, double lastSecond, double before) {
        this.task = task;
        this.robot = robot;
        this.lastSecond = lastSecond;
        this.before = before;
    }

    @Override
    public void look(Simulation state) {
        double time = state.time();
        double height = robot.height(state);
        double roll = robot.roll(state);
        double pitch = robot.pitch(state);
        boolean last = time >= lastSecond;
        boolean tilted = Math.abs(roll) > FALLEN_TILT || Math.abs(pitch) > FALLEN_TILT;
        switch (task) {
            // Low is what is asked for; tipping over is not.
            case "sit" -> fallen |= robot.uprightness(state) < 0.5 || height < 0.03;
            case "roll", "two_feet" -> {}
            default -> fallen |= tilted || height < FALLEN_HEIGHT;
        }
        if (time >= before - 1 && time < before) {
            countedBefore++;
            pawBefore += robot.footHeight(state, Foot.FRONT_RIGHT);
        }
        if (last) {
            counted++;
            turned += robot.yawRate(state);
            lowestPaw = Math.min(lowestPaw, robot.footHeight(state, Foot.FRONT_RIGHT));
            held &= holds(state, height, roll, pitch);
        }
    }

    private boolean holds(Simulation state, double height, double roll, double pitch) {
        return switch (task) {
            case "sunrise" -> Math.abs(away(robot.yaw(state), 0)) <= 0.2;
            case "sunset" -> Math.abs(away(robot.yaw(state), Math.PI)) <= 0.2;
            case "sit" -> height <= 0.17 && Math.max(Math.abs(roll), Math.abs(pitch)) <= 0.2;
            case "roll" -> Math.abs(Math.abs(roll) - Math.PI) <= 0.4;
            case "paw" -> robot.footHeight(state, Foot.FRONT_RIGHT) >= 0.08;
            case "diagonal_spin" ->
                List.of(Foot.FRONT_RIGHT, Foot.REAR_LEFT).stream()
                        .allMatch(foot -> robot.footHeight(state, foot) >= 0.05);
            case "two_feet" ->
                height >= 0.5
                        && pitch >= 1.05
                        && Math.min(robot.footHeight(state, Foot.FRONT_LEFT), robot.footHeight(state, Foot.FRONT_RIGHT))
                                > 0;
            default -> true;
        };
    }

    @Override
    public boolean met() {
        double turning = turned / Math.max(counted, 1);
        double paw = pawBefore / Math.max(countedBefore, 1);
        boolean overall = switch (task) {
            case "spin" -> turning >= 1;
            case "diagonal_spin" -> turning >= 0.5;
            case "higher" -> paw >= 0.08 && lowestPaw >= paw + 0.05;
            default -> true;
        };
        return counted > 0 && held && overall && !fallen;
    }

    private static double away(double angle, double from) {
        return Math.IEEEremainder(angle - from, 2 * Math.PI);
    }
}
