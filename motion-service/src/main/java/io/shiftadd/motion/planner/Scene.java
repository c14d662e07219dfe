package io.shiftadd.motion.planner;

import io.shiftadd.motion.mujoco.Model;
import io.shiftadd.motion.mujoco.Mujoco;
import io.shiftadd.motion.reward.Robot;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** The quadruped on its floor, as two models of one file: the fine one that is simulated, the coarse one for plans. */
public final class Scene implements AutoCloseable {

    /** Seconds of a step of the simulation. */
    public static final double STEP = 0.002;

    private static final String FILE = "quadruped.xml";

    private final Robot simulated;
    private final Robot planning;

    private Scene(Model model) {
        Model coarse = model.copy();
        model.setTimestep(STEP);
        coarse.setTimestep(PlannerSettings.STEP);
        coarse.setNewton(PlannerSettings.ITERATIONS, PlannerSettings.TOLERANCE);
        this.simulated = new Robot(model);
        this.planning = new Robot(coarse);
    }

    /** The robot is a file of our own: models of users are not loaded, as MuJoCo may end the process over one. */
    public static Scene quadruped(Mujoco mujoco) {
        try (InputStream stream = Objects.requireNonNull(Scene.class.getResourceAsStream(FILE), FILE)) {
            Path file = Files.createTempFile("quadruped", ".xml");
            try {
                Files.copy(stream, file, StandardCopyOption.REPLACE_EXISTING);
                return new Scene(mujoco.load(file));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the robot's file cannot be written for MuJoCo to read", e);
        }
    }

    public Robot simulated() {
        return simulated;
    }

    Robot planning() {
        return planning;
    }

    /** What joints are asked for when it stands. */
    public double[] standing() {
        return simulated.model().keyframeControls(0);
    }

    @Override
    public void close() {
        simulated.model().close();
        planning.model().close();
    }
}
