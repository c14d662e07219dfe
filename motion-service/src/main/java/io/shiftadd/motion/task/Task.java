package io.shiftadd.motion.task;

import io.shiftadd.motion.description.Description;
import io.shiftadd.motion.description.RobotKind;
import io.shiftadd.motion.reward.Reward;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One task.
 *
 * @param robot that does it
 * @param instructions ways of saying it
 * @param previous the task that goes before it, when the instructions correct that one
 * @param description what the instructions mean
 * @param descriptionJson the same as it stands in the file
 * @param reward what the description becomes
 * @param criterion by what a run is judged, in words
 * @param seconds of a run
 */
public record Task(
        RobotKind robot,
        String name,
        List<String> instructions,
        @Nullable String previous,
        Description description,
        JsonNode descriptionJson,
        Reward reward,
        String criterion,
        double seconds) {}
