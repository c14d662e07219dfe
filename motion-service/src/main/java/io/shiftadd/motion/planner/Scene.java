package io.shiftadd.motion.planner;

import io.shiftadd.motion.description.RobotKind;
import io.shiftadd.motion.mujoco.Model;
import io.shiftadd.motion.mujoco.Mujoco;
import io.shiftadd.motion.reward.Cost;
import io.shiftadd.motion.reward.RollCounter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/** A robot and what is around it, as two models of one file: a fine one, simulated, and a coarse one for plans. */
public abstract sealed class Scene implements AutoCloseable permits QuadrupedScene, ArmScene {

    /** Seconds of a step of the simulation. */
    public static final double STEP = 0.002;

    private final Model simulated;
    private final Model planning;

    /** Scenes are files of our own: models of users are not loaded, as MuJoCo may end the process over one. */
    Scene(Mujoco mujoco, String file) {
        this.simulated = load(mujoco, file);
        this.planning = simulated.copy();
        simulated.setTimestep(STEP);
        planning.setTimestep(PlannerSettings.STEP);
        planning.setNewton(PlannerSettings.ITERATIONS, PlannerSettings.TOLERANCE);
    }

    private static Model load(Mujoco mujoco, String name) {
        try (InputStream stream = Objects.requireNonNull(Scene.class.getResourceAsStream(name), name)) {
            Path file = Files.createTempFile("scene", ".xml");
            try {
                Files.copy(stream, file, StandardCopyOption.REPLACE_EXISTING);
                return mujoco.load(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the scene's file cannot be written for MuJoCo to read", e);
        }
    }

    public static Scene of(RobotKind kind, Mujoco mujoco) {
        return switch (kind) {
            case QUADRUPED -> new QuadrupedScene(mujoco);
            case ARM -> new ArmScene(mujoco);
        };
    }

    public static QuadrupedScene quadruped(Mujoco mujoco) {
        return new QuadrupedScene(mujoco);
    }

    public Model simulated() {
        return simulated;
    }

    Model planning() {
        return planning;
    }

    public abstract RobotKind kind();

    /** A cost of states of the simulated model. */
    public abstract Cost cost();

    /** A cost of states of the model for plans. */
    abstract Cost planningCost();

    /** Of each control, how strongly plans disturb it. */
    abstract double[] noise();

    /** What counts rolls in this scene. */
    public abstract RollCounter rollCounter();

    /** Number of the body that a picture is about. */
    public abstract int centre();

    /** Names of the positions in their order. */
    public abstract List<String> positionNames();

    /** What joints are asked for before anything is planned. */
    public double[] standing() {
        return simulated.keyframeControls(0);
    }

    @Override
    public void close() {
        simulated.close();
        planning.close();
    }
}
