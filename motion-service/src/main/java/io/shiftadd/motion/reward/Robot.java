package io.shiftadd.motion.reward;

import io.shiftadd.motion.description.Foot;
import io.shiftadd.motion.mujoco.Model;
import io.shiftadd.motion.mujoco.Simulation;

/**
 * Where the parts of the quadruped are that cost and criteria look at. Legs come in the order of {@link Foot}, and of
 * each abduction, hip, knee.
 */
public final class Robot {

    static final int JOINTS_A_LEG = 3;
    private static final int FREE_POSITIONS = 7;

    private final Model model;
    private final int torso;
    private final int[] foot = new int[Foot.values().length];
    private final int[] thigh = new int[Foot.values().length];
    private final double footRadius;
    private final double[][] postures;
    /** Of each foot against its hip in the first posture, to the front, in metres. */
    private final double[] footForward = new double[Foot.values().length];

    public Robot(Model model) {
        this.model = model;
        this.torso = model.body("torso");
        for (Foot each : Foot.values()) {
            foot[each.ordinal()] = model.site("foot_" + each.code());
            thigh[each.ordinal()] = model.body("thigh_" + each.code());
        }
        this.footRadius = model.geomSize(model.geom("foot_" + Foot.FRONT_LEFT.code()))[0];
        this.postures = new double[model.keyframes()][];
        for (int key = 0; key < postures.length; key++) {
            double[] positions = model.keyframePositions(key);
            postures[key] = java.util.Arrays.copyOfRange(positions, FREE_POSITIONS, positions.length);
        }
        try (Simulation standing = new Simulation(model)) {
            standing.resetToKeyframe(0);
            standing.forward();
            for (int i = 0; i < foot.length; i++) {
                footForward[i] = Doubles.at(standing.sitePosition(), 3 * foot[i])
                        - Doubles.at(standing.bodyPosition(), 3 * thigh[i]);
            }
        }
    }

    public Model model() {
        return model;
    }

    /** Number of the body. */
    public int torso() {
        return torso;
    }

    /** Joint angles of a keyframe. */
    double[] posture(int key) {
        return postures[key];
    }

    int site(int foot) {
        return this.foot[foot];
    }

    int thigh(int foot) {
        return thigh[foot];
    }

    double footRadius() {
        return footRadius;
    }

    double footForward(int foot) {
        return footForward[foot];
    }

    /** Height of a foot's lowest point, in metres. */
    public double footHeight(Simulation state, Foot which) {
        return Doubles.at(state.sitePosition(), 3 * foot[which.ordinal()] + 2) - footRadius;
    }

    /** Height of the torso's centre, in metres. */
    public double height(Simulation state) {
        return Doubles.at(state.bodyPosition(), 3 * torso + 2);
    }

    /** To the right is positive, in (−π, π]. */
    public double roll(Simulation state) {
        return Math.atan2(matrix(state, 7), matrix(state, 8));
    }

    /** Up is positive, in [−π/2, π/2]. */
    public double pitch(Simulation state) {
        return Math.atan2(matrix(state, 6), Math.hypot(matrix(state, 7), matrix(state, 8)));
    }

    /** Counter-clockwise from east, in (−π, π]. */
    public double yaw(Simulation state) {
        return Math.atan2(matrix(state, 3), matrix(state, 0));
    }

    /** Turning about the vertical, to the left is positive, in rad/s. */
    public double yawRate(Simulation state) {
        return matrix(state, 6) * Doubles.at(state.qvel(), 3)
                + matrix(state, 7) * Doubles.at(state.qvel(), 4)
                + matrix(state, 8) * Doubles.at(state.qvel(), 5);
    }

    /** The vertical part of the torso's own up: 1 level, 0 on its side, −1 on its back. */
    public double uprightness(Simulation state) {
        return matrix(state, 8);
    }

    private double matrix(Simulation state, int element) {
        return Doubles.at(state.bodyMatrix(), 9 * torso + element);
    }
}
