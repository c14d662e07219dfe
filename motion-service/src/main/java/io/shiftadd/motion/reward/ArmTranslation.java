package io.shiftadd.motion.reward;

import io.shiftadd.motion.description.ArmDescription;
import io.shiftadd.motion.description.Thing;

/** Turns what an arm is to do into the parameters of the cost, by rules that were found with the planner. */
final class ArmTranslation {

    /** Of the cube's centre, in metres: it is drawn along the floor. */
    private static final double ON_THE_FLOOR = 0.022;

    private ArmTranslation() {}

    static Reward of(ArmDescription description) {
        Reward.Builder reward = Reward.builder()
                .set(Parameter.W_EFFORT, 0.002)
                .set(Parameter.W_POSTURE, 0.002)
                .set(Parameter.W_TILT, 0.2);
        switch (description) {
            case ArmDescription.Touch(var thing) -> reach(reward, thing, 2);
            case ArmDescription.Lift(var height) ->
                reach(reward, Thing.CUBE, 3)
                        .set(Parameter.W_GRIP, 0.3)
                        .set(Parameter.W_LIFT, 5)
                        .set(Parameter.LIFT, height);
            case ArmDescription.Bring _ ->
                reach(reward, Thing.CUBE, 3)
                        .set(Parameter.W_GRIP, 0.3)
                        .set(Parameter.W_NEAR, 5)
                        .set(Parameter.W_LIFT, 3)
                        .set(Parameter.LIFT, ON_THE_FLOOR);
            case ArmDescription.Open(var share) ->
                reach(reward, Thing.DRAWER_HANDLE, 3).set(Parameter.W_DRAWER, 1).set(Parameter.DRAWER, share);
            case ArmDescription.Rest _ -> reward.set(Parameter.W_POSTURE, 1);
        }
        return reward.build();
    }

    private static Reward.Builder reach(Reward.Builder reward, Thing thing, double weight) {
        return reward.set(Parameter.W_REACH, weight).set(Parameter.REACH, thing.ordinal());
    }
}
