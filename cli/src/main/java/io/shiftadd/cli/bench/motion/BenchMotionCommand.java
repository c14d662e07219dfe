package io.shiftadd.cli.bench.motion;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.motion.description.RobotKind;
import io.shiftadd.motion.instruction.LanguageModelException;
import io.shiftadd.motion.mujoco.LibrarySearch;
import io.shiftadd.motion.mujoco.LibraryState;
import io.shiftadd.motion.mujoco.Mujoco;
import io.shiftadd.motion.reward.RewardTranslation;
import io.shiftadd.motion.task.Episode;
import io.shiftadd.motion.task.Task;
import io.shiftadd.motion.task.Tasks;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Language to rewards: what is understood, what is controlled, and both together, on the paper's nine tasks. */
@Command(
        name = "motion",
        mixinStandardHelpOptions = true,
        description = "Runs the robot's nine tasks: control alone, served models, and a baseline of fixed skills.")
public final class BenchMotionCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--seeds", defaultValue = "10", description = "Runs of a task. Default: ${DEFAULT-VALUE}")
    int seeds;

    @Option(names = "--tasks", split = ",", description = "Default: all of the robot.")
    List<String> tasks = List.of();

    @Option(names = "--robot", defaultValue = "quadruped", description = "quadruped or arm. Default: ${DEFAULT-VALUE}")
    RobotKind robot = RobotKind.QUADRUPED;

    @Option(names = "--threads", description = "Default: all processors.")
    int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--library", description = "Name or path of MuJoCo's library. Default: the first known one.")
    @Nullable
    String library;

    @Option(names = "--models", split = ",", description = "Names of served models to ask. Default: none.")
    List<String> models = List.of();

    @Option(
            names = "--base-url",
            defaultValue = "http://127.0.0.1:8082/v1",
            description = "Where models are served. Default: ${DEFAULT-VALUE}")
    URI baseUrl = URI.create("http://127.0.0.1:8082/v1");

    @Option(names = "--api-key", defaultValue = "", description = "For that address.")
    String apiKey = "";

    @Option(names = "--understanding-only", description = "Ask the models, and simulate nothing.")
    boolean understandingOnly;

    @Option(names = "--baseline", description = "Run the baseline of fixed skills, too.")
    boolean baseline;

    @Option(names = "--prototype", description = "prototype.c, to compare what a plan takes with, in turns.")
    @Nullable
    Path prototype;

    @Option(
            names = "--soak",
            paramLabel = "<minutes>",
            defaultValue = "0",
            description = "Run sessions in real time for so long, and print what native memory the process holds.")
    int soak;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        List<Task> chosen = tasks.isEmpty()
                ? Tasks.of(robot)
                : tasks.stream().map(this::task).toList();
        if (prototype != null) {
            compare(out, mujoco(), prototype);
            return 0;
        }
        if (soak > 0) {
            new MotionSoak(out, threads).run(mujoco(), soak);
            return 0;
        }
        try {
            if (understandingOnly) {
                for (String model : models) {
                    understanding(out, chosen, model, null);
                }
                return 0;
            }
            try (MotionControl control = new MotionControl(mujoco(), robot, threads)) {
                control(out, chosen, control);
                for (String model : models) {
                    understanding(out, chosen, model, control);
                }
            }
        } catch (LanguageModelException e) {
            throw new CommandFailure(e.reason(), "Name the server with --base-url, and its models with --models.");
        }
        return 0;
    }

    private Task task(String name) {
        try {
            return Tasks.named(robot, name);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), "Leave --tasks out for all of them.");
        }
    }

    private Mujoco mujoco() {
        String setting = library == null ? System.getenv(LibrarySearch.VARIABLE) : library;
        return switch (LibrarySearch.find(setting)) {
            case LibraryState.Ready ready -> ready.library();
            case LibraryState.Missing missing -> throw new CommandFailure(missing.reason(), missing.remedy());
        };
    }

    private void control(PrintWriter out, List<Task> chosen, MotionControl control) throws InterruptedException {
        out.println("| task | control | " + (baseline ? "fixed skills | " : "") + "plan ms |");
        out.println("| --- | --- | --- |" + (baseline ? " --- |" : ""));
        for (Task task : chosen) {
            List<Episode.Outcome> outcomes = control.outcomes(task, task.reward(), seeds);
            String skills = "";
            if (baseline) {
                MotionPrimitive primitive = MotionPrimitive.closest(task.name());
                int met =
                        MotionControl.met(control.outcomes(task, RewardTranslation.of(primitive.description()), seeds));
                skills = " %d of %d |".formatted(met, seeds);
            }
            double seconds =
                    outcomes.stream().mapToDouble(Episode.Outcome::planSeconds).sum();
            int plans = outcomes.stream().mapToInt(Episode.Outcome::plans).sum();
            out.printf(
                    Locale.ROOT,
                    "| %s | %d of %d |%s %.1f |%n",
                    task.name(),
                    MotionControl.met(outcomes),
                    seeds,
                    skills,
                    1e3 * seconds / plans);
            out.flush();
        }
    }

    private void understanding(PrintWriter out, List<Task> chosen, String model, @Nullable MotionControl control)
            throws InterruptedException {
        MotionUnderstanding asked = new MotionUnderstanding(baseUrl, apiKey, model);
        out.println();
        out.println("| " + model + " | valid | equal |" + (control == null ? "" : " right | end to end |") + " ms |");
        out.println("| --- | --- | --- | --- |" + (control == null ? "" : " --- | --- |"));
        MotionUnderstanding.Result sum = MotionUnderstanding.Result.none();
        for (Task task : chosen) {
            MotionUnderstanding.Result result = asked.of(task, control, seeds);
            sum = sum.plus(result);
            line(out, task.name(), result, control != null);
        }
        line(out, "all", sum, control != null);
    }

    private static void line(PrintWriter out, String name, MotionUnderstanding.Result result, boolean simulated) {
        String motion = simulated
                ? " %d of %d | %d of %d |".formatted(result.right(), result.instructions(), result.met(), result.runs())
                : "";
        out.printf(
                Locale.ROOT,
                "| %s | %d of %d | %d of %d |%s %.0f |%n",
                name,
                result.valid(),
                result.instructions(),
                result.equal(),
                result.instructions(),
                motion,
                result.milliseconds() / Math.max(1, result.instructions()));
        out.flush();
    }

    private void compare(PrintWriter out, Mujoco mujoco, Path source) throws IOException, InterruptedException {
        try (MotionPrototype built = new MotionPrototype(source)) {
            for (int turn = 1; turn <= 3; turn++) {
                double theirs = built.milliseconds();
                double ours = MotionPrototype.oursMilliseconds(mujoco);
                out.printf(
                        Locale.ROOT,
                        "turn %d: prototype %.2f ms, ours %.2f ms, %.2f ×%n",
                        turn,
                        theirs,
                        ours,
                        ours / theirs);
                out.flush();
            }
        }
    }
}
