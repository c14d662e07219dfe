package io.shiftadd.motion.api;

import io.shiftadd.motion.task.Task;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A task that the robot is known to do. */
@Schema(description = "A task that the robot is known to do")
record TaskView(
        @Schema(description = "Its name", example = "paw") String name,

        @Schema(description = "Ways of saying it", example = "[\"Lift your front right paw.\"]")
        List<String> instructions,

        @Schema(
                description = "The task that goes before it, which the instructions correct; mostly null",
                example = "paw")
        @Nullable
        String previous,

        @Schema(description = "What the instructions mean", implementation = Map.class)
        JsonNode description,

        @Schema(description = "By what a run is judged", example = "front right foot >= 0.08 m in the last second")
        String criterion) {

    static TaskView of(Task task) {
        return new TaskView(
                task.name(),
                task.instructions(),
                task.previous(),
                task.description().toJson(),
                task.criterion());
    }
}
