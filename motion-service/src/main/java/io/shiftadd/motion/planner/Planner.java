package io.shiftadd.motion.planner;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.shiftadd.motion.mujoco.Simulation;
import io.shiftadd.motion.reward.Cost;
import io.shiftadd.motion.reward.Reward;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Model-predictive path integral control (Williams et al. 2017): each plan is the weighted mean of samples around the
 * last one, weights being exp(−(cost − best) / (0.1 · (median − best))). A plan is a function of the state, the reward,
 * the seed and the number of plans before it, whatever the number of threads. One caller at a time. A plan allocates
 * nothing.
 */
public final class Planner implements AutoCloseable {

    private static final double DIVERGED = 1e9;
    private static final double LEAST_SPREAD = 1e-9;
    private static final double NO_WEIGHT = 1e-6;

    /** Between the numbers of plans, as the prototype had it: so its runs are ours, seed by seed. */
    private static final long PLAN_SPACING = 16;

    private final long seed;
    private final int joints;
    private final double[] ranges;
    private final double[] scale;
    private final Roller[] rollers;
    private final Crew crew;
    private final State state;
    private final double[] standing;
    private final Plan plan;
    private final double[][] samples;
    private final double[] costs;
    private final double[] sorted;
    private final double[] scratch;
    private Reward reward = Reward.builder().build();
    private long plans;

    /** What a thread needs to roll out. */
    private static final class Roller {

        private final Simulation simulation;
        private final Cost cost;
        private final Noise noise = new Noise();
        private final double[] wanted;
        private Reward known = Reward.builder().build();

        private Roller(Scene scene) {
            this.simulation = new Simulation(scene.planning());
            this.cost = scene.planningCost();
            this.wanted = new double[scene.planning().controls()];
            cost.want(known);
        }

        private void want(Reward reward) {
            if (reward != known) {
                cost.want(reward);
                known = reward;
            }
        }
    }

    public Planner(Scene scene, PlannerSettings settings, long seed) {
        this.seed = seed;
        this.joints = scene.planning().controls();
        this.ranges = scene.planning().controlRanges();
        this.scale = scene.noise();
        this.state = new State(scene.planning());
        this.standing = scene.standing();
        this.plan = new Plan(standing);
        this.samples = new double[settings.samples()][PlannerSettings.KNOTS * joints];
        this.costs = new double[settings.samples()];
        this.sorted = new double[settings.samples()];
        this.scratch = new double[PlannerSettings.KNOTS * joints];
        this.rollers = new Roller[settings.threads()];
        for (int i = 0; i < rollers.length; i++) {
            rollers[i] = new Roller(scene);
        }
        this.crew = new Crew(settings.threads(), "motion-planner", this::roll);
    }

    /** The last plan. */
    public Plan plan() {
        return plan;
    }

    /**
     * Plans on from a state.
     *
     * @param count of samples, at most what the settings say
     */
    public void plan(State from, Reward wanted, int count) {
        state.copy(from);
        reward = wanted;
        plan.shift(state.time(), scratch);
        crew.run(count);
        average(count);
        plans++;
    }

    /** Draws sample {@code number} and finds its cost. */
    private void roll(int thread, int number) {
        Roller roller = rollers[thread];
        roller.want(reward);
        double[] knots = samples[number];
        System.arraycopy(plan.knots(), 0, knots, 0, knots.length);
        if (number > 0) {
            disturb(knots, roller.noise, number);
        }
        costs[number] = cost(roller, knots);
    }

    private void disturb(double[] knots, Noise noise, int number) {
        noise.begin(seed, PLAN_SPACING * plans, number);
        double size = PlannerSettings.MOST_NOISE
                * Math.pow(PlannerSettings.LEAST_NOISE / PlannerSettings.MOST_NOISE, noise.uniform());
        for (int i = 0; i < knots.length; i++) {
            int joint = i % joints;
            double moved = knots[i] + size * scale[joint] * noise.normal();
            knots[i] = Math.clamp(moved, ranges[2 * joint], ranges[2 * joint + 1]);
        }
    }

    private double cost(Roller roller, double[] knots) {
        Simulation simulation = roller.simulation;
        state.give(simulation);
        roller.cost.setRoll(state.roll());
        int before = simulation.instabilities();
        MemorySegment control = simulation.control();
        double sum = 0;
        for (int step = 0; step < PlannerSettings.STEPS; step++) {
            Plan.at(knots, joints, step * PlannerSettings.STEP, roller.wanted, 0);
            MemorySegment.copy(roller.wanted, 0, control, JAVA_DOUBLE, 0, joints);
            simulation.step();
            if (simulation.instabilities() != before) {
                return DIVERGED;
            }
            sum += roller.cost.of(simulation);
        }
        return Double.isFinite(sum) ? sum / PlannerSettings.STEPS : DIVERGED;
    }

    private void average(int count) {
        System.arraycopy(costs, 0, sorted, 0, count);
        Arrays.sort(sorted, 0, count);
        double best = sorted[0];
        double spread = Math.max(sorted[count / 2] - best, LEAST_SPREAD);
        double total = 0;
        Arrays.fill(scratch, 0);
        for (int i = 0; i < count; i++) {
            double weight = Math.exp((best - costs[i]) / (PlannerSettings.TEMPERATURE * spread));
            if (weight >= NO_WEIGHT) {
                total += weight;
                double[] knots = samples[i];
                for (int k = 0; k < scratch.length; k++) {
                    scratch[k] += weight * knots[k];
                }
            }
        }
        double[] knots = plan.knots();
        for (int k = 0; k < scratch.length; k++) {
            knots[k] = scratch[k] / total;
        }
    }

    /** Forgets the last plan: the robot was put somewhere else. */
    public void restart() {
        plan.copy(new Plan(standing));
    }

    @Override
    public void close() {
        crew.close();
        for (Roller roller : rollers) {
            roller.simulation.close();
        }
    }
}
