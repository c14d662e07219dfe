package io.shiftadd.motion.api;

import io.shiftadd.http.ClosestNames;
import io.shiftadd.http.JsonBody;
import io.shiftadd.http.Shown;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.motion.description.RobotKind;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How a session begins. */
@Schema(description = "How a session begins")
record SessionRequest(
        @Schema(
                description = "Which robot: quadruped or arm; quadruped unless set",
                example = "quadruped",
                implementation = String.class,
                requiredMode = Schema.RequiredMode.NOT_REQUIRED)
        RobotKind robot,

        @Schema(
                description = "Of the planner's random numbers; 1 unless set",
                example = "1",
                requiredMode = Schema.RequiredMode.NOT_REQUIRED)
        long seed) {

    private static final Set<String> FIELDS = new TreeSet<>(Set.of("robot", "seed"));
    private static final SessionRequest UNSAID = new SessionRequest(RobotKind.QUADRUPED, 1);

    /** @throws ProblemException with what is wrong */
    static SessionRequest read(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            return UNSAID;
        }
        JsonNode json = JsonBody.read(body, JsonBody.Texts.PLAIN);
        if (!json.isObject()) {
            throw ProblemException.invalid("the body", "is no object", "{} or {\"seed\": 1}", "send a JSON object");
        }
        for (String field : json.propertyNames()) {
            if (!FIELDS.contains(field)) {
                throw ProblemException.invalid(
                        Shown.of(field), "is not a field of this request", null, ClosestNames.suggest(field, FIELDS));
            }
        }
        return new SessionRequest(robot(json.get("robot")), seed(json.get("seed")));
    }

    private static RobotKind robot(@Nullable JsonNode json) {
        if (json == null || json.isNull()) {
            return UNSAID.robot;
        }
        return robot(json.isString() ? json.stringValue() : json.toString());
    }

    /** A robot by its name, in a body or a query. */
    static RobotKind robot(String name) {
        return Arrays.stream(RobotKind.values())
                .filter(kind -> kind.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid(
                        "robot",
                        "is '" + Shown.of(name) + "'",
                        Arrays.stream(RobotKind.values())
                                .map(RobotKind::toString)
                                .collect(Collectors.joining(" or ")),
                        "leave it out for the quadruped"));
    }

    private static long seed(@Nullable JsonNode seed) {
        if (seed == null || seed.isNull()) {
            return UNSAID.seed;
        }
        if (!seed.isIntegralNumber() || !seed.canConvertToLong()) {
            throw ProblemException.invalid(
                    "seed", "is " + Shown.of(seed.toString()), "a whole number of 64 bits", "send 1");
        }
        return seed.longValue();
    }
}
