package io.shiftadd.motion.planner;

import io.shiftadd.motion.description.RobotKind;
import io.shiftadd.motion.mujoco.Mujoco;
import io.shiftadd.motion.reward.Arm;
import io.shiftadd.motion.reward.ArmCost;
import io.shiftadd.motion.reward.Cost;
import io.shiftadd.motion.reward.RollCounter;
import java.util.ArrayList;
import java.util.List;

/** An arm of seven joints with a gripper, before a cube, a crate and a drawer. */
public final class ArmScene extends Scene {

    /** Of the seven joints and the fingers, which move in metres. */
    private static final double[] NOISE = {0.5, 0.5, 0.5, 0.5, 0.7, 0.7, 0.7, 0.06};

    private final Arm arm;
    private final Arm planned;

    ArmScene(Mujoco mujoco) {
        super(mujoco, "arm.xml");
        this.arm = new Arm(simulated());
        this.planned = new Arm(planning());
    }

    @Override
    public RobotKind kind() {
        return RobotKind.ARM;
    }

    /** Where its parts are, in the simulated model. */
    public Arm arm() {
        return arm;
    }

    @Override
    public Cost cost() {
        return new ArmCost(arm);
    }

    @Override
    Cost planningCost() {
        return new ArmCost(planned);
    }

    @Override
    double[] noise() {
        return NOISE.clone();
    }

    @Override
    public RollCounter rollCounter() {
        return new RollCounter(null);
    }

    @Override
    public int centre() {
        return arm.centre();
    }

    @Override
    public List<String> positionNames() {
        List<String> names = new ArrayList<>();
        for (int joint = 1; joint <= Arm.JOINTS; joint++) {
            names.add("joint" + joint);
        }
        names.addAll(List.of("finger_left", "finger_right", "drawer"));
        names.addAll(List.of("x", "y", "z", "w", "qx", "qy", "qz"));
        return names;
    }
}
