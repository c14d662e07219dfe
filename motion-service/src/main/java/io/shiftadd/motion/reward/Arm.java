package io.shiftadd.motion.reward;

import io.shiftadd.motion.description.Thing;
import io.shiftadd.motion.mujoco.Model;
import io.shiftadd.motion.mujoco.Simulation;

/**
 * Where the parts of the arm and of what lies before it are. Positions come in the order of the file: joints, fingers,
 * drawer, cube.
 */
public final class Arm {

    /** Of the arm itself. */
    public static final int JOINTS = 7;

    private static final int FINGER = JOINTS;
    private static final int DRAWER = JOINTS + 2;
    private static final int CUBE = DRAWER + 1;

    private static final double WIDEST = 0.035;
    private static final double LONGEST = 0.15;

    private final Model model;
    private final int hand;
    private final int grip;
    private final int crate;
    private final int handle;
    private final int cube;
    private final double[] home;

    public Arm(Model model) {
        this.model = model;
        this.hand = model.body("hand");
        this.grip = model.site("grip");
        this.crate = model.site("crate");
        this.handle = model.site("handle");
        this.cube = model.body("cube");
        this.home = model.keyframePositions(0);
    }

    public Model model() {
        return model;
    }

    /** Number of the body that a picture is about. */
    public int centre() {
        return model.body("elbow");
    }

    /** Angle of a joint in the first posture. */
    double home(int joint) {
        return home[joint];
    }

    /** One of x, y, z of the place between the fingertips, in metres. */
    public double grip(Simulation state, int axis) {
        return Doubles.at(state.sitePosition(), 3 * grip + axis);
    }

    /** One of x, y, z of a thing: of the handle the room behind its bar, of others their centre. */
    public double place(Simulation state, Thing thing, int axis) {
        return switch (thing) {
            case CUBE -> Doubles.at(state.bodyPosition(), 3 * cube + axis);
            case CRATE -> Doubles.at(state.sitePosition(), 3 * crate + axis);
            case DRAWER_HANDLE -> Doubles.at(state.sitePosition(), 3 * handle + axis);
        };
    }

    /** Metres between the grip and a thing. */
    public double distance(Simulation state, Thing thing) {
        double sum = 0;
        for (int axis = 0; axis < 3; axis++) {
            double away = grip(state, axis) - place(state, thing, axis);
            sum += away * away;
        }
        return Math.sqrt(sum);
    }

    /** How far fingers are apart: 0 closed, 1 as far as they go. */
    public double opening(Simulation state) {
        return Doubles.at(state.qpos(), FINGER) / WIDEST;
    }

    /** How far the drawer is open: 0 to 1. */
    public double drawer(Simulation state) {
        return Doubles.at(state.qpos(), DRAWER) / LONGEST;
    }

    /** The vertical part of where the hand points: −1 straight down. */
    double pointing(Simulation state) {
        return Doubles.at(state.bodyMatrix(), 9 * hand + 8);
    }

    /** Puts the cube somewhere on the floor, at rest. */
    public void putCube(Simulation state, double x, double y) {
        state.qpos().setAtIndex(java.lang.foreign.ValueLayout.JAVA_DOUBLE, CUBE, x);
        state.qpos().setAtIndex(java.lang.foreign.ValueLayout.JAVA_DOUBLE, CUBE + 1, y);
    }
}
