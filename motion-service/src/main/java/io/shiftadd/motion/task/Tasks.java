package io.shiftadd.motion.task;

import io.shiftadd.motion.description.InvalidDescriptionException.Fault;
import io.shiftadd.motion.description.MotionDescription;
import io.shiftadd.motion.reward.Reward;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tasks of the file {@code tasks.json} beside this class. */
public final class Tasks {

    private static final String FILE = "tasks.json";
    private static final List<Task> ALL = read();

    private Tasks() {}

    public static List<Task> all() {
        return ALL;
    }

    /** @throws IllegalArgumentException when there is none of the name */
    public static Task named(String name) {
        return ALL.stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no task '" + name + "'; there are "
                        + String.join(", ", ALL.stream().map(Task::name).toList())));
    }

    private static List<Task> read() {
        try (InputStream stream = Objects.requireNonNull(Tasks.class.getResourceAsStream(FILE), FILE)) {
            List<Task> tasks = new ArrayList<>();
            for (JsonNode json : new JsonMapper().readTree(stream).get("tasks")) {
                tasks.add(read(json));
            }
            return List.copyOf(tasks);
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " cannot be read", e);
        }
    }

    private static Task read(JsonNode json) {
        List<String> instructions = new ArrayList<>();
        json.get("instructions").forEach(instruction -> instructions.add(instruction.stringValue()));
        List<Fault> faults = new ArrayList<>();
        Reward reward = Reward.read(json.get("reward"), faults);
        if (!faults.isEmpty()) {
            throw new IllegalStateException(FILE + ": " + faults);
        }
        return new Task(
                json.get("task").stringValue(),
                List.copyOf(instructions),
                json.has("previous") ? json.get("previous").stringValue() : null,
                MotionDescription.read(json.get("description")),
                json.get("description"),
                reward,
                json.get("criterion").stringValue(),
                json.get("seconds").doubleValue());
    }
}
