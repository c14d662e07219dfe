package io.shiftadd.motion.planner;

import io.shiftadd.motion.description.Foot;
import io.shiftadd.motion.description.RobotKind;
import io.shiftadd.motion.mujoco.Mujoco;
import io.shiftadd.motion.reward.Cost;
import io.shiftadd.motion.reward.QuadrupedCost;
import io.shiftadd.motion.reward.Robot;
import io.shiftadd.motion.reward.RollCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The quadruped on its floor. */
public final class QuadrupedScene extends Scene {

    /** Abduction, hip and knee, against the hip's. */
    private static final double[] NOISE_OF_LEG = {PlannerSettings.ABDUCTION_NOISE, 1, PlannerSettings.KNEE_NOISE};

    private final Robot robot;
    private final Robot planned;

    QuadrupedScene(Mujoco mujoco) {
        super(mujoco, "quadruped.xml");
        this.robot = new Robot(simulated());
        this.planned = new Robot(planning());
    }

    @Override
    public RobotKind kind() {
        return RobotKind.QUADRUPED;
    }

    /** Where its parts are, in the simulated model. */
    public Robot robot() {
        return robot;
    }

    @Override
    public Cost cost() {
        return new QuadrupedCost(robot);
    }

    @Override
    Cost planningCost() {
        return new QuadrupedCost(planned);
    }

    @Override
    double[] noise() {
        double[] noise = new double[planning().controls()];
        for (int joint = 0; joint < noise.length; joint++) {
            noise[joint] = NOISE_OF_LEG[joint % NOISE_OF_LEG.length];
        }
        return noise;
    }

    @Override
    public RollCounter rollCounter() {
        return new RollCounter(robot);
    }

    @Override
    public int centre() {
        return robot.torso();
    }

    @Override
    public List<String> positionNames() {
        List<String> names = new ArrayList<>(List.of("x", "y", "z", "w", "qx", "qy", "qz"));
        for (Foot foot : Foot.values()) {
            Stream.of("abd_", "hip_", "knee_").map(joint -> joint + foot.code()).forEach(names::add);
        }
        return names;
    }
}
