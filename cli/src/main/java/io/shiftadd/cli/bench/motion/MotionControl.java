package io.shiftadd.cli.bench.motion;

import io.shiftadd.motion.description.RobotKind;
import io.shiftadd.motion.mujoco.Mujoco;
import io.shiftadd.motion.planner.PlannerSettings;
import io.shiftadd.motion.planner.Scene;
import io.shiftadd.motion.reward.Reward;
import io.shiftadd.motion.task.Episode;
import io.shiftadd.motion.task.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs of tasks in lockstep, each on a thread of its own, as many at a time as there are threads. A run that was made
 * is not made again: its outcome is a function of task, reward and seed.
 */
final class MotionControl implements AutoCloseable {

    private final Scene scene;
    private final ExecutorService threads;
    private final Map<Run, Episode.Outcome> made = new HashMap<>();

    private record Run(String task, Reward reward, long seed) {}

    MotionControl(Mujoco mujoco, RobotKind robot, int threads) {
        this.scene = Scene.of(robot, mujoco);
        this.threads = Executors.newFixedThreadPool(threads);
    }

    /** The outcome with each seed from 1 on. */
    List<Episode.Outcome> outcomes(Task task, Reward reward, int seeds) throws InterruptedException {
        List<Run> missing = new ArrayList<>();
        List<Future<Episode.Outcome>> running = new ArrayList<>();
        for (long seed = 1; seed <= seeds; seed++) {
            Run run = new Run(task.name(), reward, seed);
            if (!made.containsKey(run)) {
                missing.add(run);
                running.add(threads.submit(() -> run(task, run)));
            }
        }
        for (int i = 0; i < missing.size(); i++) {
            try {
                made.put(missing.get(i), running.get(i).get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a run of " + missing.get(i) + " failed", e.getCause());
            }
        }
        List<Episode.Outcome> outcomes = new ArrayList<>();
        for (long seed = 1; seed <= seeds; seed++) {
            outcomes.add(made.get(new Run(task.name(), reward, seed)));
        }
        return outcomes;
    }

    private Episode.Outcome run(Task task, Run run) {
        PlannerSettings settings = new PlannerSettings(PlannerSettings.DEFAULT.samples(), 1);
        try (Episode episode = new Episode(scene, task, run.reward(), settings, run.seed())) {
            return episode.run();
        }
    }

    /** How many met their criterion. */
    static int met(List<Episode.Outcome> outcomes) {
        return (int) outcomes.stream().filter(Episode.Outcome::met).count();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        scene.close();
    }
}
