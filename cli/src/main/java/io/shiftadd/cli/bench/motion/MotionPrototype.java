package io.shiftadd.cli.bench.motion;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.motion.mujoco.Mujoco;
import io.shiftadd.motion.planner.PlannerSettings;
import io.shiftadd.motion.planner.Scene;
import io.shiftadd.motion.task.Episode;
import io.shiftadd.motion.task.Task;
import io.shiftadd.motion.task.Tasks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a plan takes beside the prototype in C, in turns on the same machine: the same task, library, samples and
 * horizon, one thread each.
 */
final class MotionPrototype implements AutoCloseable {

    private static final Pattern PLAN = Pattern.compile("plan ([0-9.]+) ms wall");
    private static final String TASK = "paw";

    private final Path source;
    private final Path directory;

    /** @param source prototype.c, with quadruped.xml and prototype-tasks beside it */
    MotionPrototype(Path source) throws IOException, InterruptedException {
        this.source = source.toAbsolutePath();
        this.directory = Files.createTempDirectory("motion-prototype");
        run(List.of(
                "cc",
                "-O2",
                "-march=native",
                "-o",
                program(),
                source.toAbsolutePath().toString(),
                "-lmujoco",
                "-lm",
                "-lpthread"));
    }

    private String program() {
        return directory.resolve("prototype").toString();
    }

    /** Milliseconds of a plan of the prototype: one run of six simulated seconds. */
    double milliseconds() throws IOException, InterruptedException {
        Path tasks = source.resolveSibling("prototype-tasks").resolve(TASK + ".t");
        String output = run(List.of(
                program(),
                "-q",
                "-m",
                source.resolveSibling("quadruped.xml").toString(),
                "-t",
                tasks.toString(),
                "-n",
                "1",
                "p.K=32",
                "p.H=0.4",
                "p.threads=1"));
        Matcher found = PLAN.matcher(output);
        if (!found.find()) {
            throw new CommandFailure("the prototype printed no time of a plan: " + output, "Look at " + source);
        }
        return Double.parseDouble(found.group(1));
    }

    /** The same of ours. */
    static double oursMilliseconds(Mujoco mujoco) {
        Task task = Tasks.named(TASK);
        try (Scene scene = Scene.quadruped(mujoco);
                Episode episode = new Episode(scene, task, task.reward(), new PlannerSettings(32, 1), 1)) {
            Episode.Outcome outcome = episode.run();
            return 1e3 * outcome.planSeconds() / outcome.plans();
        }
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        // 2: the task was not done, which is no matter here.
        if (status != 0 && status != 2) {
            throw new CommandFailure(
                    String.join(" ", command) + " ended with " + status + ": " + output,
                    "The prototype needs a C compiler and libmujoco-dev.");
        }
        return output;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(Path.of(program()));
        Files.delete(directory);
    }
}
