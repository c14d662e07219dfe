package io.shiftadd.motion.api;

import io.shiftadd.http.ClosestNames;
import io.shiftadd.http.JsonBody;
import io.shiftadd.http.Shown;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.motion.description.Description;
import io.shiftadd.motion.description.InvalidDescriptionException;
import io.shiftadd.motion.description.InvalidDescriptionException.Fault;
import io.shiftadd.motion.description.RobotKind;
import io.shiftadd.motion.reward.Reward;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a session is to do: in words, as a description, or as parameters of the reward. */
@Schema(description = "What a session is to do: in words, as a description, or as parameters of the reward")
record InstructionRequest(
        @Schema(
                description = "In words, for the language model; beside a description: what was said, for later turns",
                example = "Lift your front right paw.",
                maxLength = InstructionRequest.MOST_CHARACTERS)
        @Nullable
        String text,

        @Schema(description = "As a description; see docs/motion.md", implementation = Map.class) @Nullable
        Description description,

        @Schema(description = "As parameters of the reward by hand; see docs/motion.md", implementation = Map.class)
        @Nullable
        Reward reward) {

    static final int MOST_CHARACTERS = 2_000;

    private static final Set<String> FIELDS = new TreeSet<>(Set.of("text", "description", "reward"));

    /**
     * @param robot that is told
     * @throws ProblemException with every mistake
     */
    static InstructionRequest read(RobotKind robot, byte[] body) {
        JsonNode json = JsonBody.read(body, JsonBody.Texts.ANY);
        if (!json.isObject()) {
            throw ProblemException.invalid("the body", "is no object", "{\"text\": …}", "send a JSON object");
        }
        for (String field : json.propertyNames()) {
            if (!FIELDS.contains(field)) {
                throw ProblemException.invalid(
                        Shown.of(field), "is not a field of this request", null, ClosestNames.suggest(field, FIELDS));
            }
        }
        InstructionRequest request =
                new InstructionRequest(text(json.get("text")), description(robot, json), reward(json.get("reward")));
        if (request.text == null && request.description == null && request.reward == null) {
            throw ProblemException.invalid("text", "is missing", "text, description or reward", "send one of them");
        }
        if (request.reward != null && request.description != null) {
            throw ProblemException.invalid(
                    "reward", "is there beside description", "one of the two", "leave one of them out");
        }
        return request;
    }

    private static @Nullable String text(@Nullable JsonNode json) {
        if (json == null || json.isNull()) {
            return null;
        }
        if (!json.isString() || json.stringValue().isBlank()) {
            throw ProblemException.invalid("text", "is no text", "1 to 2000 characters", "say what the robot is to do");
        }
        String text = json.stringValue().strip();
        if (text.length() > MOST_CHARACTERS) {
            throw ProblemException.invalid(
                    "text",
                    "has " + text.length() + " characters",
                    "at most " + MOST_CHARACTERS,
                    "say it in fewer words");
        }
        return text;
    }

    private static @Nullable Description description(RobotKind robot, JsonNode body) {
        JsonNode json = body.get("description");
        try {
            return json == null || json.isNull() ? null : robot.read(json);
        } catch (InvalidDescriptionException e) {
            throw Simulator.invalid(e.faults());
        }
    }

    private static @Nullable Reward reward(@Nullable JsonNode json) {
        if (json == null || json.isNull()) {
            return null;
        }
        List<Fault> faults = new ArrayList<>();
        Reward reward = Reward.read(json, faults);
        if (!faults.isEmpty()) {
            throw Simulator.invalid(faults);
        }
        return reward;
    }
}
