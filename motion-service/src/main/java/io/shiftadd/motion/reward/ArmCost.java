package io.shiftadd.motion.reward;

import static io.shiftadd.motion.reward.Doubles.at;

import io.shiftadd.motion.description.Thing;
import io.shiftadd.motion.mujoco.Simulation;
import java.lang.foreign.MemorySegment;

/** The cost of an arm's state: the sum of weight · n(residual) of the terms in docs/motion.md. */
public final class ArmCost implements Cost {

    private static final Thing[] THINGS = Thing.values();
    private static final double FINE = 0.02;
    private static final double COARSE = 0.1;
    private static final double FORCE_SCALE = 0.02;

    /** Fingers are wanted closed when what they reach for is between them, open from a little farther on. */
    private static final double BETWEEN = 0.015;

    private static final double BESIDE = 0.03;

    /** Centres of the cube and the crate when they touch, in metres. */
    private static final double TOUCHING = 0.06;

    private final Arm arm;
    private final double[] terms = new double[Term.values().length];
    private double reachWeight;
    private Thing reach = Thing.CUBE;
    private double gripWeight;
    private double liftWeight;
    private double lift;
    private double nearWeight;
    private double drawerWeight;
    private double drawer;
    private double tiltWeight;
    private double effortWeight;
    private double postureWeight;

    public ArmCost(Arm arm) {
        this.arm = arm;
    }

    @Override
    public void want(Reward reward) {
        reachWeight = reward.get(Parameter.W_REACH);
        reach = THINGS[(int) reward.get(Parameter.REACH)];
        gripWeight = reward.get(Parameter.W_GRIP);
        liftWeight = reward.get(Parameter.W_LIFT);
        lift = reward.get(Parameter.LIFT);
        nearWeight = reward.get(Parameter.W_NEAR);
        drawerWeight = reward.get(Parameter.W_DRAWER);
        drawer = reward.get(Parameter.DRAWER);
        tiltWeight = reward.get(Parameter.W_TILT);
        effortWeight = reward.get(Parameter.W_EFFORT);
        postureWeight = reward.get(Parameter.W_POSTURE);
    }

    /** An arm does not roll over. */
    @Override
    public void setRoll(double roll) {}

    @Override
    public double term(Term term) {
        return terms[term.ordinal()];
    }

    @Override
    public double of(Simulation state) {
        double x = arm.grip(state, 0) - arm.place(state, reach, 0);
        double y = arm.grip(state, 1) - arm.place(state, reach, 1);
        double z = arm.grip(state, 2) - arm.place(state, reach, 2);
        double away = Math.sqrt(x * x + y * y + z * z);
        double open = Math.clamp((away - BETWEEN) / BESIDE, 0, 1);
        double sum = put(Term.REACH, reachWeight * Cost.smooth(x, y, z, FINE));
        sum += put(Term.GRIP, gripWeight * Cost.smooth(arm.opening(state) - open, COARSE));
        sum += put(Term.LIFT, liftWeight * Cost.smooth(arm.place(state, Thing.CUBE, 2) - lift, FINE));
        sum += put(Term.NEAR, nearWeight * Cost.smooth(gap(state), FINE));
        sum += put(Term.DRAWER, drawerWeight * Cost.smooth(arm.drawer(state) - drawer, COARSE));
        sum += put(Term.TILT, tiltWeight * (1 + arm.pointing(state)));
        return sum + joints(state);
    }

    /** From the cube to the crate on the floor, as far as they are more than side by side. */
    private double gap(Simulation state) {
        double x = arm.place(state, Thing.CUBE, 0) - arm.place(state, Thing.CRATE, 0);
        double y = arm.place(state, Thing.CUBE, 1) - arm.place(state, Thing.CRATE, 1);
        return Math.max(0, Math.sqrt(x * x + y * y) - TOUCHING);
    }

    private double joints(Simulation state) {
        MemorySegment force = state.actuatorForce();
        MemorySegment qpos = state.qpos();
        double effort = 0;
        double away = 0;
        for (int j = 0; j < Arm.JOINTS; j++) {
            double f = FORCE_SCALE * at(force, j);
            effort += f * f;
            double d = at(qpos, j) - arm.home(j);
            away += d * d;
        }
        return put(Term.EFFORT, effortWeight * effort / 2) + put(Term.POSTURE, postureWeight * away / 2);
    }

    private double put(Term term, double value) {
        terms[term.ordinal()] = value;
        return value;
    }
}
