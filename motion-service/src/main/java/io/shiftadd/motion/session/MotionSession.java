package io.shiftadd.motion.session;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.shiftadd.motion.mujoco.Simulation;
import io.shiftadd.motion.planner.Plan;
import io.shiftadd.motion.planner.Planner;
import io.shiftadd.motion.planner.PlannerSettings;
import io.shiftadd.motion.planner.Scene;
import io.shiftadd.motion.planner.State;
import io.shiftadd.motion.reward.Cost;
import io.shiftadd.motion.reward.Reward;
import io.shiftadd.motion.reward.RollCounter;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A robot in real time. One thread keeps the simulation at the wall's time, another plans as often as it can from the
 * state as it is then; the simulation never waits for a plan. Ends when it is closed, and by itself when its state is
 * not finite any more.
 */
public final class MotionSession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MotionSession.class);

    private static final int STEPS_A_FRAME = (int) Math.round(0.04 / Scene.STEP);
    private static final long STEP_NANOS = Math.round(Scene.STEP * 1e9);

    /** What is behind by more is given up: it would only be caught up by a robot that hurries. */
    private static final long MOST_BEHIND_NANOS = 200_000_000;

    private static final long NAP_NANOS = 2_000_000;
    private static final double LEAST_BETWEEN_PLANS = 0.01;

    private final String id;
    private final Instant created = Instant.now();
    private final Feed feed = new Feed();
    private final Recording recording = new Recording();
    private final Chatter chatter;
    private final Scene scene;
    private final PlannerSettings settings;
    private final Planner planner;
    private final Simulation simulation;
    private final RollCounter roll;
    private final Meter realTime = new Meter();
    private final Meter plans = new Meter();
    private final Thread simulating;
    private final Thread planning;

    /** Guards what both threads touch: the simulation's state, and the plan that it follows. */
    private final Object lock = new Object();

    private final Plan followed;
    private long resets;
    private volatile Goal goal;
    private volatile boolean paused;
    private volatile boolean ended;
    private volatile int samples;
    private volatile double planMilliseconds;

    /** What is wanted, since which turn, and who waits for the first plan with it. */
    private record Goal(Reward reward, int turn, CountDownLatch planned) {}

    /** @param seed of the planner's noise */
    MotionSession(String id, Scene scene, PlannerSettings settings, Reward first, long seed) {
        this.id = id;
        this.scene = scene;
        this.settings = settings;
        this.chatter = new Chatter(feed);
        this.planner = new Planner(scene, settings, seed);
        this.roll = scene.rollCounter();
        this.simulation = new Simulation(scene.simulated());
        this.followed = new Plan(scene.standing());
        this.goal = new Goal(first, 0, new CountDownLatch(1));
        this.samples = settings.samples();
        simulation.resetToKeyframe(0);
        simulation.forward();
        this.simulating = Thread.ofPlatform().daemon().name("motion-simulation").unstarted(this::simulate);
        this.planning = Thread.ofPlatform().daemon().name("motion-planning").unstarted(this::plan);
    }

    void start() {
        simulating.start();
        planning.start();
    }

    public String id() {
        return id;
    }

    public Instant created() {
        return created;
    }

    public Feed feed() {
        return feed;
    }

    public Recording recording() {
        return recording;
    }

    /** What was said so far. */
    public Chatter chatter() {
        return chatter;
    }

    public Scene scene() {
        return scene;
    }

    public boolean isPaused() {
        return paused;
    }

    public void setPaused(boolean paused) {
        this.paused = paused;
    }

    public double time() {
        Frame frame = feed.newest();
        return frame == null ? 0 : frame.time();
    }

    /** The reward that is carried out. */
    public Reward reward() {
        return goal.reward();
    }

    /**
     * Wants something else from the next plan on, and waits for that plan.
     *
     * @return whether it was made within the time; a session that stands still plans, too
     */
    boolean want(Reward reward, int turn, Duration longest) throws InterruptedException {
        Goal next = new Goal(reward, turn, new CountDownLatch(1));
        goal = next;
        return next.planned().await(longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Puts the robot back to where it began; what is wanted stays. */
    public void reset() {
        synchronized (lock) {
            simulation.resetToKeyframe(0);
            simulation.forward();
            roll.set(0);
            followed.copy(new Plan(scene.standing()));
            resets++;
        }
    }

    private void simulate() {
        Cost cost = scene.cost();
        Frames frames = new Frames(scene.simulated(), cost);
        double[] wanted = scene.standing();
        awaitFirstPlan();
        long due = System.nanoTime();
        long step = 0;
        while (!ended) {
            long now = System.nanoTime();
            if (now - due > MOST_BEHIND_NANOS) {
                due = now - MOST_BEHIND_NANOS;
            }
            if (now < due) {
                LockSupport.parkNanos(Math.min(due - now, NAP_NANOS));
                continue;
            }
            due += STEP_NANOS;
            step++;
            synchronized (lock) {
                if (!paused && !advance(wanted)) {
                    break;
                }
                if (step % STEPS_A_FRAME == 0) {
                    frame(frames, cost);
                }
            }
        }
    }

    /** A robot without a plan would fall before it has one. */
    private void awaitFirstPlan() {
        CountDownLatch planned = goal.planned();
        while (planned.getCount() > 0 && !ended) {
            LockSupport.parkNanos(NAP_NANOS);
        }
    }

    /** @return false when the state is not finite any more */
    private boolean advance(double[] wanted) {
        followed.at(simulation.time(), wanted);
        MemorySegment.copy(wanted, 0, simulation.control(), JAVA_DOUBLE, 0, wanted.length);
        simulation.step();
        if (simulation.instabilities() > 0) {
            LOG.warn("Motion session {} ended: the simulation became unstable", id);
            end("The simulation became unstable: the robot's state is not finite any more. Begin a new session.");
            return false;
        }
        roll.look(simulation);
        realTime.add(Scene.STEP);
        return true;
    }

    private void frame(Frames frames, Cost cost) {
        Goal wanted = goal;
        cost.want(wanted.reward());
        cost.setRoll(roll.roll());
        Frame frame = frames.take(
                simulation,
                new Frames.Figures(
                        planMilliseconds, samples, realTime.perSecond(), plans.perSecond(), paused, wanted.turn()));
        recording.add(frame);
        feed.publish(frame);
    }

    private void plan() {
        try (Foresight foresight = new Foresight(scene)) {
            plan(foresight);
        }
    }

    private void plan(Foresight foresight) {
        State state = new State(scene.simulated());
        Plan current = new Plan(scene.standing());
        Pace pace = new Pace(settings.samples());
        long known = 0;
        double last = Double.NEGATIVE_INFINITY;
        while (!ended) {
            Goal wanted = goal;
            long now;
            synchronized (lock) {
                state.take(simulation, roll.roll());
                current.copy(followed);
                now = resets;
            }
            boolean fresh = wanted.planned().getCount() > 0;
            if (now == known && !fresh && state.time() - last < LEAST_BETWEEN_PLANS) {
                LockSupport.parkNanos(NAP_NANOS);
                continue;
            }
            if (now != known) {
                planner.restart();
                known = now;
            }
            last = state.time();
            long start = System.nanoTime();
            foresight.move(state, current, pace.milliseconds() / 1e3);
            planner.plan(state, wanted.reward(), pace.samples());
            pace.took((System.nanoTime() - start) / 1e6);
            samples = pace.samples();
            planMilliseconds = pace.milliseconds();
            plans.add(1);
            synchronized (lock) {
                if (resets == known) {
                    followed.copy(planner.plan());
                }
            }
            wanted.planned().countDown();
        }
    }

    private void end(String reason) {
        ended = true;
        feed.end(reason);
    }

    public boolean hasEnded() {
        return ended;
    }

    /** @param reason for those who follow */
    void close(String reason) {
        end(reason);
        boolean interrupted = join(simulating) | join(planning);
        planner.close();
        simulation.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        close("The session was ended.");
    }

    /** @return whether the caller was interrupted meanwhile */
    static boolean join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }
}
