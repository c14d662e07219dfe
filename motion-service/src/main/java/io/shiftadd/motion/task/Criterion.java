package io.shiftadd.motion.task;

import io.shiftadd.motion.mujoco.Simulation;
import io.shiftadd.motion.planner.ArmScene;
import io.shiftadd.motion.planner.QuadrupedScene;
import io.shiftadd.motion.planner.Scene;

/** By what a run is judged. */
interface Criterion {

    /** Looks at the state after a step of the simulation. */
    void look(Simulation state);

    /** Whether what was looked at is what the task asks for. */
    boolean met();

    /**
     * @param lastSecond time at which the last second begins
     * @param before time at which the last second of the task before ends, 0 for none
     */
    static Criterion of(Task task, Scene scene, double lastSecond, double before) {
        return switch (scene) {
            case QuadrupedScene quadruped -> new QuadrupedCriterion(task.name(), quadruped.robot(), lastSecond, before);
            case ArmScene arm -> new ArmCriterion(task.name(), arm.arm(), lastSecond);
        };
    }
}
