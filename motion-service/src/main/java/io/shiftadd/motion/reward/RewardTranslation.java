package io.shiftadd.motion.reward;

import io.shiftadd.motion.description.ArmDescription;
import io.shiftadd.motion.description.Description;
import io.shiftadd.motion.description.Facing;
import io.shiftadd.motion.description.Foot;
import io.shiftadd.motion.description.FootMotion;
import io.shiftadd.motion.description.MotionDescription;
import io.shiftadd.motion.description.Moving;
import io.shiftadd.motion.description.Torso;
import java.util.Map;

/**
 * Turns a description into the parameters of the cost, by rules that were found with the planner. The paper has a
 * second language model for this step (Yu et al. 2023, section 3.2); a table does it without error.
 */
public final class RewardTranslation {

    private static final double CROUCHING = 0.17;
    private static final double ON_ITS_BACK = 90;
    private static final double UPRIGHT = 57;
    private static final int POSTURE_UPRIGHT = 1;
    private static final int POSTURE_CROUCH = 2;

    private RewardTranslation() {}

    public static Reward of(Description description) {
        return switch (description) {
            case MotionDescription motion -> of(motion);
            case ArmDescription arm -> ArmTranslation.of(arm);
        };
    }

    private static Reward of(MotionDescription description) {
        Reward.Builder reward = Reward.builder();
        torso(reward, description.torso());
        facing(reward, description.facing());
        moving(reward, description.moving(), Math.abs(description.torso().pitchDegrees()) > UPRIGHT);
        feet(reward, description);
        poses(reward, description.torso());
        return reward.build();
    }

    private static void torso(Reward.Builder reward, Torso torso) {
        reward.set(Parameter.W_HEIGHT, 3)
                .set(Parameter.HEIGHT, torso.height())
                .set(Parameter.W_PITCH, 1)
                .set(Parameter.PITCH, Math.toRadians(torso.pitchDegrees()))
                .set(Parameter.W_ROLL, 1)
                .set(Parameter.ROLL, Math.toRadians(torso.rollDegrees()));
    }

    private static void facing(Reward.Builder reward, Facing facing) {
        switch (facing) {
            case Facing.Towards towards ->
                reward.set(Parameter.W_HEADING, 0.6)
                        .set(Parameter.HEADING, towards.direction().heading());
            case Facing.Turning turning ->
                reward.set(Parameter.W_YAWRATE, 0.6)
                        .set(Parameter.YAWRATE, Math.toRadians(turning.turnDegreesPerSecond()));
        }
    }

    private static void moving(Reward.Builder reward, Moving moving, boolean upright) {
        switch (moving) {
            case Moving.Going going ->
                reward.set(Parameter.W_XY, upright ? 0.3 : 0.6)
                        .set(Parameter.X, going.to().x())
                        .set(Parameter.Y, going.to().y());
            case Moving.Walking walking ->
                reward.set(Parameter.W_VF, 0.3)
                        .set(Parameter.VF, walking.forward())
                        .set(Parameter.W_VS, 0.3)
                        .set(Parameter.VS, walking.sideways());
        }
    }

    private static void feet(Reward.Builder reward, MotionDescription description) {
        Map<Foot, FootMotion> feet = description.feet();
        long lifted = feet.values().stream()
                .filter(FootMotion.Lifted.class::isInstance)
                .count();
        boolean allStep = feet.values().stream()
                        .filter(FootMotion.Stepping.class::isInstance)
                        .count()
                == Foot.values().length;
        for (Foot foot : Foot.values()) {
            switch (feet.get(foot)) {
                case FootMotion.Lifted up ->
                    reward.set(FootParameter.W_UP, foot, lifted == 1 ? 2 : 4)
                            .set(FootParameter.UP, foot, up.lift())
                            .set(FootParameter.BAL, foot, 0);
                case FootMotion.Stepping stepping -> step(reward, foot, stepping.step(), allStep);
                case null -> reward.set(FootParameter.W_UP, foot, lifted == 1 ? 1 : 0);
            }
        }
        if (lifted > 0) {
            reward.set(Parameter.W_BALANCE, 1);
        }
        if (lifted > 1) {
            reward.set(Parameter.W_HEIGHT, 5).set(Parameter.W_POSTURE, 0.03);
            if (description.facing() instanceof Facing.Turning) {
                reward.set(Parameter.W_YAWRATE, 0.4);
            }
        }
    }

    private static void step(Reward.Builder reward, Foot foot, FootMotion.Step step, boolean allStep) {
        reward.set(FootParameter.W_STEPV, foot, 1)
                .set(FootParameter.W_STEPH, foot, allStep ? 0.2 : 0)
                .set(FootParameter.FREQ, foot, step.hertz())
                .set(FootParameter.AIR, foot, step.air())
                .set(FootParameter.PHASE, foot, step.phase())
                .set(FootParameter.AV, foot, step.up())
                .set(FootParameter.AH, foot, step.forward());
    }

    /** What holds for whole poses goes before what single feet ask for. */
    private static void poses(Reward.Builder reward, Torso torso) {
        if (torso.height() <= CROUCHING) {
            reward.set(Parameter.POSTURE, POSTURE_CROUCH).set(Parameter.W_POSTURE, 0.02);
        }
        if (Math.abs(torso.rollDegrees()) > ON_ITS_BACK) {
            reward.set(Parameter.W_HEIGHT, 0.1)
                    .set(Parameter.W_PITCH, 0.6)
                    .set(Parameter.W_BALANCE, 0)
                    .set(Parameter.POSTURE, Parameter.POSTURE.unless())
                    .set(Parameter.W_POSTURE, Parameter.W_POSTURE.unless());
        } else if (Math.abs(torso.pitchDegrees()) > UPRIGHT) {
            boolean onHindFeet = torso.pitchDegrees() > 0;
            reward.set(Parameter.W_HEIGHT, 5)
                    .set(Parameter.W_PITCH, 2)
                    .set(Parameter.W_BALANCE, 1)
                    .set(Parameter.POSTURE, POSTURE_UPRIGHT)
                    .set(Parameter.W_POSTURE, 0.05)
                    .set(Parameter.ARMLOOSE, 0.1);
            for (Foot foot : Foot.values()) {
                if (foot.isFront() == onHindFeet) {
                    reward.set(FootParameter.BAL, foot, 0);
                }
            }
        }
    }
}
