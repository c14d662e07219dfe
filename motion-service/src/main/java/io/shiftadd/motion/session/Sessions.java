package io.shiftadd.motion.session;

import io.shiftadd.motion.description.ArmDescription;
import io.shiftadd.motion.description.Description;
import io.shiftadd.motion.description.RobotKind;
import io.shiftadd.motion.mujoco.Mujoco;
import io.shiftadd.motion.mujoco.Simulation;
import io.shiftadd.motion.planner.Planner;
import io.shiftadd.motion.planner.Scene;
import io.shiftadd.motion.planner.State;
import io.shiftadd.motion.reward.Reward;
import io.shiftadd.motion.reward.RewardTranslation;
import io.shiftadd.motion.task.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The sessions that run: at most so many, and none that nobody cares for. Thread-safe. */
public final class Sessions implements AutoCloseable {

    private static final Duration FIRST_PLAN = Duration.ofSeconds(5);
    private static final long CHECK_SECONDS = 5;
    private static final int WARM_UP_PLANS = 150;

    private final Mujoco mujoco;
    private final SessionSettings settings;
    private final Map<RobotKind, Scene> scenes = new EnumMap<>(RobotKind.class);
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Thread warmingUp;
    private volatile boolean closing;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("motion-idle-sessions").factory());

    /** A session, when it was last used, and how many follow it. */
    private static final class Entry {

        private final MotionSession session;
        private Instant used = Instant.now();
        private int followers;

        private Entry(MotionSession session) {
            this.session = session;
        }
    }

    /** Keeps a session from being idle. */
    public interface Following extends AutoCloseable {
        @Override
        void close();
    }

    public Sessions(Mujoco mujoco, SessionSettings settings) {
        this.mujoco = mujoco;
        this.settings = settings;
        var _ = sweeper.scheduleWithFixedDelay(this::sweep, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
        this.warmingUp = Thread.ofPlatform().daemon().name("motion-warm-up").start(this::warmUp);
    }

    /** Lets the compiler see the planner before the first robot depends on it. */
    private void warmUp() {
        Scene scene = scene(RobotKind.QUADRUPED);
        try (Planner planner = new Planner(scene, settings.planner(), 1);
                Simulation simulation = new Simulation(scene.simulated())) {
            simulation.resetToKeyframe(0);
            simulation.forward();
            State state = new State(scene.simulated());
            state.take(simulation, 0);
            for (int plan = 0; plan < WARM_UP_PLANS && !closing; plan++) {
                planner.plan(
                        state, Tasks.named("spin").reward(), settings.planner().samples());
            }
        }
    }

    /** Loaded when it is first asked for. */
    public synchronized Scene scene(RobotKind kind) {
        return scenes.computeIfAbsent(kind, wanted -> Scene.of(wanted, mujoco));
    }

    public SessionSettings settings() {
        return settings;
    }

    /**
     * Begins one, standing, or at rest.
     *
     * @return empty when there are as many as there may be
     */
    public synchronized Optional<MotionSession> open(RobotKind kind, long seed) {
        sweep();
        if (entries.size() >= settings.most()) {
            return Optional.empty();
        }
        Reward still = RewardTranslation.of(still(kind));
        MotionSession session =
                new MotionSession(UUID.randomUUID().toString(), scene(kind), settings.planner(), still, seed);
        entries.put(session.id(), new Entry(session));
        session.start();
        return Optional.of(session);
    }

    /** What a session does before anything is said: as it faces the sunrise, it stands. */
    private static Description still(RobotKind kind) {
        return switch (kind) {
            case QUADRUPED -> Tasks.named("sunrise").description();
            case ARM -> new ArmDescription.Rest(ArmDescription.Pose.HOME);
        };
    }

    public synchronized List<MotionSession> all() {
        return entries.values().stream().map(entry -> entry.session).toList();
    }

    /** Finds a session, and counts as using it. */
    public synchronized Optional<MotionSession> find(String id) {
        Entry entry = entries.get(id);
        if (entry == null) {
            return Optional.empty();
        }
        entry.used = Instant.now();
        return Optional.of(entry.session);
    }

    /** While this is open the session is in use. */
    public synchronized Following follow(String id) {
        Entry entry = entries.get(id);
        if (entry != null) {
            entry.followers++;
        }
        return () -> {
            synchronized (this) {
                if (entry != null) {
                    entry.followers--;
                    entry.used = Instant.now();
                }
            }
        };
    }

    /** @return whether there was one */
    public boolean end(String id) {
        Entry entry;
        synchronized (this) {
            entry = entries.remove(id);
        }
        if (entry == null) {
            return false;
        }
        entry.session.close();
        return true;
    }

    /**
     * Has a session do something else.
     *
     * @param text what was said; null when nothing was
     * @param meaning null for a reward by hand
     * @param since the request came, as {@link System#nanoTime()}
     */
    public Turn apply(
            MotionSession session, @Nullable String text, @Nullable Description meaning, Reward reward, long since)
            throws InterruptedException {
        synchronized (session) {
            int number = session.chatter().next();
            boolean planned = session.want(reward, number, FIRST_PLAN);
            Integer took = planned ? (int) ((System.nanoTime() - since) / 1_000_000) : null;
            Turn turn = new Turn(
                    number,
                    session.time(),
                    text,
                    true,
                    null,
                    meaning == null ? null : meaning.toJson(),
                    reward.toJson(),
                    took);
            session.chatter().add(text, meaning);
            session.feed().publish(turn);
            return turn;
        }
    }

    /** Notes what was said and could not be done; the session goes on as before. */
    public Turn refuse(MotionSession session, String text, String problem) {
        synchronized (session) {
            Turn turn = new Turn(session.chatter().next(), session.time(), text, false, problem, null, null, null);
            session.feed().publish(turn);
            return turn;
        }
    }

    private void sweep() {
        List<MotionSession> over = new ArrayList<>();
        synchronized (this) {
            Instant idle = Instant.now().minus(settings.idle());
            entries.values().removeIf(entry -> {
                boolean ends = entry.session.hasEnded() || entry.followers == 0 && entry.used.isBefore(idle);
                if (ends) {
                    over.add(entry.session);
                }
                return ends;
            });
        }
        over.forEach(session ->
                session.close("The session was not used for " + settings.idle().toSeconds() + " seconds."));
    }

    @Override
    public void close() {
        closing = true;
        sweeper.shutdownNow();
        boolean interrupted = MotionSession.join(warmingUp);
        List<MotionSession> rest;
        synchronized (this) {
            rest = all();
            entries.clear();
        }
        rest.forEach(MotionSession::close);
        synchronized (this) {
            scenes.values().forEach(Scene::close);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
