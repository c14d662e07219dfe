package io.shiftadd.motion.reward;

import io.shiftadd.motion.description.Foot;

/** The parameters as plain fields: read some hundred thousand times a second. */
final class Goal {

    private static final double GRAVITY = 9.81;
    private static final double LEAST_HEIGHT = 0.05;
    private static final int FEET = Foot.values().length;

    double heightWeight;
    double height;
    double placeWeight;
    double x;
    double y;
    double headingWeight;
    double headingX;
    double headingY;
    double pitchWeight;
    double pitch;
    double rollWeight;
    double roll;
    double forwardWeight;
    double forward;
    double sidewaysWeight;
    double sideways;
    double turningWeight;
    double turning;
    double balanceWeight;
    double bearers;
    double capture;
    double effortWeight;
    double postureWeight;
    int posture;
    double armLoose;
    final double[] upWeight = new double[FEET];
    final double[] up = new double[FEET];
    final double[] stepUpWeight = new double[FEET];
    final double[] stepForwardWeight = new double[FEET];
    final double[] hertz = new double[FEET];
    final double[] air = new double[FEET];
    final double[] phase = new double[FEET];
    final double[] stepUp = new double[FEET];
    final double[] stepForward = new double[FEET];
    final double[] bearing = new double[FEET];

    void set(Reward reward) {
        heightWeight = reward.get(Parameter.W_HEIGHT);
        height = reward.get(Parameter.HEIGHT);
        placeWeight = reward.get(Parameter.W_XY);
        x = reward.get(Parameter.X);
        y = reward.get(Parameter.Y);
        headingWeight = reward.get(Parameter.W_HEADING);
        headingX = Math.cos(reward.get(Parameter.HEADING));
        headingY = Math.sin(reward.get(Parameter.HEADING));
        pitchWeight = reward.get(Parameter.W_PITCH);
        pitch = reward.get(Parameter.PITCH);
        rollWeight = reward.get(Parameter.W_ROLL);
        roll = reward.get(Parameter.ROLL);
        forwardWeight = reward.get(Parameter.W_VF);
        forward = reward.get(Parameter.VF);
        sidewaysWeight = reward.get(Parameter.W_VS);
        sideways = reward.get(Parameter.VS);
        turningWeight = reward.get(Parameter.W_YAWRATE);
        turning = reward.get(Parameter.YAWRATE);
        balanceWeight = reward.get(Parameter.W_BALANCE);
        // How far ahead of itself a falling centre of mass has to be caught.
        capture = Math.sqrt(2 * Math.max(height, LEAST_HEIGHT) / GRAVITY);
        effortWeight = reward.get(Parameter.W_EFFORT);
        postureWeight = reward.get(Parameter.W_POSTURE);
        posture = (int) reward.get(Parameter.POSTURE);
        armLoose = reward.get(Parameter.ARMLOOSE);
        bearers = 0;
        for (Foot foot : Foot.values()) {
            set(reward, foot);
            bearers += bearing[foot.ordinal()];
        }
    }

    private void set(Reward reward, Foot foot) {
        int f = foot.ordinal();
        upWeight[f] = reward.get(FootParameter.W_UP, foot);
        up[f] = reward.get(FootParameter.UP, foot);
        stepUpWeight[f] = reward.get(FootParameter.W_STEPV, foot);
        stepForwardWeight[f] = reward.get(FootParameter.W_STEPH, foot);
        hertz[f] = reward.get(FootParameter.FREQ, foot);
        air[f] = reward.get(FootParameter.AIR, foot);
        phase[f] = reward.get(FootParameter.PHASE, foot);
        stepUp[f] = reward.get(FootParameter.AV, foot);
        stepForward[f] = reward.get(FootParameter.AH, foot);
        bearing[f] = reward.get(FootParameter.BAL, foot);
    }
}
