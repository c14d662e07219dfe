package io.shiftadd.cli.bench.motion;

import io.shiftadd.motion.description.Compass;
import io.shiftadd.motion.description.Facing;
import io.shiftadd.motion.description.Foot;
import io.shiftadd.motion.description.FootMotion;
import io.shiftadd.motion.description.MotionDescription;
import io.shiftadd.motion.description.Moving;
import io.shiftadd.motion.description.Torso;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a robot with a fixed set of skills can do (the paper's baseline, section 4.2): a model would only choose among
 * these. Here the choice is the one that fits best, as if the model never erred.
 */
enum MotionPrimitive {
    STAND(0.3, 0, false, Map.of()),
    SIT(0.12, 0, false, Map.of()),
    WALK(0.3, 0, true, trot(0.06)),
    TURN(0.3, 90, false, trot(0)),
    LIFT_FRONT_RIGHT(0.3, 0, false, Map.of(Foot.FRONT_RIGHT, new FootMotion.Lifted(0.12)));

    private final MotionDescription description;

    MotionPrimitive(double height, double turn, boolean walks, Map<Foot, FootMotion> feet) {
        this.description = new MotionDescription(
                new Torso(height, 0, 0),
                turn == 0 ? new Facing.Towards(Compass.EAST) : new Facing.Turning(turn),
                walks ? new Moving.Walking(0.3, 0) : new Moving.Going(new Moving.Place(0, 0)),
                feet);
    }

    MotionDescription description() {
        return description;
    }

    /** The one that comes closest to a task. */
    static MotionPrimitive closest(String task) {
        return switch (task) {
            case "sit" -> SIT;
            case "spin", "diagonal_spin" -> TURN;
            case "paw", "higher" -> LIFT_FRONT_RIGHT;
            default -> STAND;
        };
    }

    private static Map<Foot, FootMotion> trot(double forward) {
        Map<Foot, FootMotion> feet = new EnumMap<>(Foot.class);
        List<Foot> first = List.of(Foot.FRONT_LEFT, Foot.REAR_RIGHT);
        for (Foot foot : Foot.values()) {
            double phase = first.contains(foot) ? 0 : 0.5;
            feet.put(foot, new FootMotion.Stepping(new FootMotion.Step(2, 0.08, forward, 0.45, phase)));
        }
        return feet;
    }
}
