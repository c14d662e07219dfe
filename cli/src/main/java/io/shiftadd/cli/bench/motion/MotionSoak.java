package io.shiftadd.cli.bench.motion;

import io.shiftadd.cli.ResidentMemory;
import io.shiftadd.motion.description.RobotKind;
import io.shiftadd.motion.mujoco.Mujoco;
import io.shiftadd.motion.planner.PlannerSettings;
import io.shiftadd.motion.session.MotionSession;
import io.shiftadd.motion.session.SessionSettings;
import io.shiftadd.motion.session.Sessions;
import io.shiftadd.motion.session.Turn;
import io.shiftadd.motion.task.Task;
import io.shiftadd.motion.task.Tasks;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Sessions as the service runs them, in real time, one after the other, of both robots, through all tasks: what the
 * process holds of native memory after each minute.
 */
final class MotionSoak {

    private static final Duration A_TASK = Duration.ofSeconds(3);
    private static final int TASKS_A_SESSION = 3;
    private static final double MEBIBYTE = 1 << 20;

    private final PrintWriter out;
    private final PlannerSettings planner;
    private int sessionsBegun;
    private int next;

    MotionSoak(PrintWriter out, int threads) {
        this.out = out;
        this.planner = new PlannerSettings(PlannerSettings.DEFAULT.samples(), threads);
    }

    void run(Mujoco mujoco, int minutes) throws InterruptedException {
        out.println("| minute | sessions | native, malloc MiB | resident outside files MiB | real time | plan ms |");
        out.println("| --- | --- | --- | --- | --- | --- |");
        try (Sessions sessions = new Sessions(mujoco, new SessionSettings(1, Duration.ofHours(1), planner))) {
            for (int minute = 1; minute <= minutes; minute++) {
                long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
                double realTime = 0;
                double plan = 0;
                int seen = 0;
                while (System.nanoTime() < end) {
                    MotionSession session = begin(sessions);
                    for (int i = 0; i < TASKS_A_SESSION; i++) {
                        perform(sessions, session);
                    }
                    var frame = session.feed().newest();
                    if (frame != null) {
                        realTime += frame.realTime();
                        plan += frame.planMilliseconds();
                        seen++;
                    }
                    sessions.end(session.id());
                }
                print(minute, realTime / seen, plan / seen);
            }
        }
    }

    private MotionSession begin(Sessions sessions) {
        RobotKind kind = RobotKind.values()[sessionsBegun++ % RobotKind.values().length];
        return sessions.open(kind, sessionsBegun).orElseThrow();
    }

    private void perform(Sessions sessions, MotionSession session) throws InterruptedException {
        List<Task> tasks = Tasks.of(session.scene().kind());
        Task task = tasks.get(next++ % tasks.size());
        Turn turn = sessions.apply(session, task.name(), task.description(), task.reward(), System.nanoTime());
        if (turn.milliseconds() == null) {
            out.printf("no plan for %s within five seconds%n", task.name());
        }
        Thread.sleep(A_TASK);
    }

    private void print(int minute, double realTime, double plan) {
        System.gc();
        out.printf(
                Locale.ROOT,
                "| %d | %d | %.1f | %.0f | %.2f | %.1f |%n",
                minute,
                sessionsBegun,
                NativeHeap.bytes() / MEBIBYTE,
                ResidentMemory.anonymous() / MEBIBYTE,
                realTime,
                plan);
        out.flush();
    }
}
