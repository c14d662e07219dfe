package io.shiftadd.motion.task;

import io.shiftadd.motion.description.Description;
import io.shiftadd.motion.description.InvalidDescriptionException.Fault;
import io.shiftadd.motion.description.RobotKind;
import io.shiftadd.motion.reward.Reward;
import io.shiftadd.motion.reward.RewardTranslation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tasks of the files beside this class: the paper's nine of the quadruped, and those of the arm. */
public final class Tasks {

    private static final Map<RobotKind, List<Task>> ALL = Map.of(
            RobotKind.QUADRUPED, read(RobotKind.QUADRUPED, "tasks.json"),
            RobotKind.ARM, read(RobotKind.ARM, "arm-tasks.json"));

    private Tasks() {}

    public static List<Task> of(RobotKind robot) {
        return ALL.getOrDefault(robot, List.of());
    }

    /** One of the quadruped's. */
    public static Task named(String name) {
        return named(RobotKind.QUADRUPED, name);
    }

    /** @throws IllegalArgumentException when there is none of the name */
    public static Task named(RobotKind robot, String name) {
        return of(robot).stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no task '" + name + "'; there are "
                        + String.join(", ", of(robot).stream().map(Task::name).toList())));
    }

    private static List<Task> read(RobotKind robot, String file) {
        try (InputStream stream = Objects.requireNonNull(Tasks.class.getResourceAsStream(file), file)) {
            List<Task> tasks = new ArrayList<>();
            for (JsonNode json : new JsonMapper().readTree(stream).get("tasks")) {
                tasks.add(read(robot, file, json));
            }
            return List.copyOf(tasks);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private static Task read(RobotKind robot, String file, JsonNode json) {
        List<String> instructions = new ArrayList<>();
        json.get("instructions").forEach(instruction -> instructions.add(instruction.stringValue()));
        List<Fault> faults = new ArrayList<>();
        Description description = robot.read(json.get("description"));
        Reward reward =
                json.has("reward") ? Reward.read(json.get("reward"), faults) : RewardTranslation.of(description);
        if (!faults.isEmpty()) {
            throw new IllegalStateException(file + ": " + faults);
        }
        return new Task(
                robot,
                json.get("task").stringValue(),
                List.copyOf(instructions),
                json.has("previous") ? json.get("previous").stringValue() : null,
                description,
                json.get("description"),
                reward,
                json.get("criterion").stringValue(),
                json.get("seconds").doubleValue());
    }
}
