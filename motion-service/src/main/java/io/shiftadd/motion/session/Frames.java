package io.shiftadd.motion.session;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.shiftadd.motion.mujoco.Model;
import io.shiftadd.motion.mujoco.Simulation;
import io.shiftadd.motion.reward.Cost;
import io.shiftadd.motion.reward.Term;
import java.util.EnumMap;
import java.util.Map;

/** Takes pictures of a simulation, in numbers. One thread at a time. */
final class Frames {

    private static final double TENTHS_OF_MILLIMETRES = 1e4;
    private static final int A_BODY = 7;

    private final Model model;
    private final Cost cost;
    private long number;

    Frames(Model model, Cost cost) {
        this.model = model;
        this.cost = cost;
    }

    /** What a frame has beside the simulation's state. */
    record Figures(
            double planMilliseconds, int samples, double realTime, double plansPerSecond, boolean paused, int turn) {}

    Frame take(Simulation simulation, Figures figures) {
        double sum = cost.of(simulation);
        Map<Term, Double> terms = new EnumMap<>(Term.class);
        for (Term term : Term.values()) {
            if (cost.term(term) > 0) {
                terms.put(term, round(cost.term(term)));
            }
        }
        return new Frame(
                ++number,
                round(simulation.time()),
                pose(simulation),
                simulation.qpos().toArray(JAVA_DOUBLE),
                terms,
                round(sum),
                round(figures.planMilliseconds()),
                figures.samples(),
                round(figures.realTime()),
                round(figures.plansPerSecond()),
                figures.paused(),
                figures.turn());
    }

    private double[] pose(Simulation simulation) {
        int bodies = model.bodies();
        double[] pose = new double[A_BODY * bodies];
        for (int body = 0; body < bodies; body++) {
            for (int i = 0; i < 3; i++) {
                pose[A_BODY * body + i] = round(simulation.bodyPosition().getAtIndex(JAVA_DOUBLE, 3L * body + i));
            }
            for (int i = 0; i < 4; i++) {
                pose[A_BODY * body + 3 + i] = round(simulation.bodyRotation().getAtIndex(JAVA_DOUBLE, 4L * body + i));
            }
        }
        return pose;
    }

    private static double round(double value) {
        return Math.rint(value * TENTHS_OF_MILLIMETRES) / TENTHS_OF_MILLIMETRES;
    }
}
