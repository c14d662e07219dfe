package io.shiftadd.motion.reward;

import static io.shiftadd.motion.reward.Doubles.at;

import io.shiftadd.motion.description.Foot;
import io.shiftadd.motion.mujoco.Simulation;
import java.lang.foreign.MemorySegment;

/**
 * The cost of a quadruped's state. With {@code n(x, p) = sqrt(x² + p²) − p} (of a vector: its norm)
 * and {@code q(x) = x²/2}, it is the sum of weight · n(residual) of the terms in docs/motion.md. The heading frame is
 * the torso's x axis on the floor; when more than 57° of pitch are wanted, its z axis against the sign of the pitch.
 * After a step the kinematics are those before it, and velocities those after it, as the prototype had them.
 *
 * <p>It has the roll, which is unwrapped from state to state.
 */
public final class QuadrupedCost implements Cost {

    private static final double STEEP = 1.0;
    private static final double FINE = 0.05;
    private static final double COARSE = 0.1;
    private static final double FORCE_SCALE = 0.02;
    private static final int FEET = Foot.values().length;
    private static final int JOINTS = FEET * Robot.JOINTS_A_LEG;

    private final Robot robot;
    private final Goal goal = new Goal();
    private final double[] terms = new double[Term.values().length];
    private double roll;

    public QuadrupedCost(Robot robot) {
        this.robot = robot;
    }

    @Override
    public void want(Reward reward) {
        goal.set(reward);
    }

    @Override
    public void setRoll(double roll) {
        this.roll = roll;
    }

    @Override
    public double term(Term term) {
        return terms[term.ordinal()];
    }

    @Override
    public double of(Simulation state) {
        state.updateSubtreeVelocities();
        MemorySegment matrix = state.bodyMatrix();
        int m = 9 * robot.torso();
        int p = 3 * robot.torso();
        double x6 = at(matrix, m + 6);
        double x7 = at(matrix, m + 7);
        double x8 = at(matrix, m + 8);
        boolean steep = Math.abs(goal.pitch) > STEEP;
        double hx = at(matrix, m);
        double hy = at(matrix, m + 3);
        double rolled;
        if (steep) {
            double sign = goal.pitch > 0 ? -1 : 1;
            hx = sign * at(matrix, m + 2);
            hy = sign * at(matrix, m + 5);
            rolled = Math.asin(Math.clamp(x7, -1, 1));
        } else {
            rolled = RollCounter.next(roll, Math.atan2(x7, x8));
            roll = rolled;
        }
        double length = Math.max(Math.sqrt(hx * hx + hy * hy), 1e-9);
        hx /= length;
        hy /= length;
        double sum = torso(state, p, x6, x7, x8, rolled);
        sum += travel(state, p, hx, hy, x6, x7, x8);
        sum += feet(state, p, hx, hy);
        return sum + joints(state);
    }

    private double torso(Simulation state, int p, double x6, double x7, double x8, double rolled) {
        double pitch = Math.atan2(x6, Math.sqrt(x7 * x7 + x8 * x8));
        return put(Term.HEIGHT, goal.heightWeight * Cost.smooth(at(state.bodyPosition(), p + 2) - goal.height, FINE))
                + put(Term.PITCH, goal.pitchWeight * Cost.smooth(pitch - goal.pitch, FINE))
                + put(Term.ROLL, goal.rollWeight * Cost.smooth(rolled - goal.roll, FINE));
    }

    private double travel(Simulation state, int p, double hx, double hy, double x6, double x7, double x8) {
        MemorySegment centre = state.subtreeCentre();
        MemorySegment velocity = state.subtreeVelocity();
        MemorySegment qvel = state.qvel();
        double vx = at(velocity, p);
        double vy = at(velocity, p + 1);
        double turning = x6 * at(qvel, 3) + x7 * at(qvel, 4) + x8 * at(qvel, 5);
        return put(
                        Term.PLACE,
                        goal.placeWeight * Cost.smooth(at(centre, p) - goal.x, at(centre, p + 1) - goal.y, COARSE))
                + put(Term.HEADING, goal.headingWeight * Cost.smooth(hx - goal.headingX, hy - goal.headingY, COARSE))
                + put(Term.FORWARD_SPEED, goal.forwardWeight * Cost.smooth(hx * vx + hy * vy - goal.forward, COARSE))
                + put(
                        Term.SIDEWAYS_SPEED,
                        goal.sidewaysWeight * Cost.smooth(-hy * vx + hx * vy - goal.sideways, COARSE))
                + put(Term.TURNING, goal.turningWeight * Cost.smooth(turning - goal.turning, COARSE));
    }

    private double feet(Simulation state, int p, double hx, double hy) {
        MemorySegment sites = state.sitePosition();
        MemorySegment bodies = state.bodyPosition();
        double time = state.time();
        double up = 0;
        double steps = 0;
        double bearingX = 0;
        double bearingY = 0;
        for (int f = 0; f < FEET; f++) {
            int site = 3 * robot.site(f);
            double x = at(sites, site);
            double y = at(sites, site + 1);
            double z = at(sites, site + 2) - robot.footRadius();
            if (goal.upWeight[f] > 0) {
                up += goal.upWeight[f] * Cost.smooth(z - goal.up[f], FINE);
            }
            if (goal.stepUpWeight[f] > 0 || goal.stepForwardWeight[f] > 0) {
                int hip = 3 * robot.thigh(f);
                double forward = hx * (x - at(bodies, hip)) + hy * (y - at(bodies, hip + 1));
                steps += step(f, time, z, forward);
            }
            bearingX += goal.bearing[f] * x;
            bearingY += goal.bearing[f] * y;
        }
        double balance = 0;
        if (goal.balanceWeight > 0 && goal.bearers > 0) {
            MemorySegment centre = state.subtreeCentre();
            MemorySegment velocity = state.subtreeVelocity();
            double ahead = goal.capture;
            balance = goal.balanceWeight
                    * Cost.smooth(
                            at(centre, p) + ahead * at(velocity, p) - bearingX / goal.bearers,
                            at(centre, p + 1) + ahead * at(velocity, p + 1) - bearingY / goal.bearers,
                            COARSE);
        }
        return put(Term.FEET, up) + put(Term.STEPS, steps) + put(Term.BALANCE, balance);
    }

    /** In the air up by a half sine and from the back to the front; on the ground level, and back again. */
    private double step(int f, double time, double z, double forward) {
        double period = 1 / Math.max(goal.hertz[f], 1e-4);
        double ground = period * Math.clamp(1 - goal.air[f], 0.01, 0.99);
        double air = period - ground;
        double since = (time - goal.phase[f] * period) % period;
        since = since < 0 ? since + period : since;
        double wantedUp = goal.up[f];
        double wantedForward = robot.footForward(f);
        if (since < air) {
            double s = Math.PI * since / air;
            wantedUp += goal.stepUp[f] * Math.sin(s);
            wantedForward += goal.stepForward[f] * Math.sin(s - Math.PI / 2);
        } else {
            double s = Math.PI * (since - air) / ground;
            wantedForward -= goal.stepForward[f] * Math.sin(s - Math.PI / 2);
        }
        return goal.stepUpWeight[f] * Cost.smooth(z - wantedUp, FINE)
                + goal.stepForwardWeight[f] * Cost.smooth(forward - wantedForward, COARSE);
    }

    private double joints(Simulation state) {
        MemorySegment force = state.actuatorForce();
        MemorySegment qpos = state.qpos();
        double[] posture = robot.posture(goal.posture);
        double effort = 0;
        double away = 0;
        for (int j = 0; j < JOINTS; j++) {
            double f = FORCE_SCALE * at(force, j);
            effort += f * f;
            double scale = j % Robot.JOINTS_A_LEG == 0 ? 2 : 1;
            if (j < JOINTS / 2) {
                scale *= goal.armLoose;
            }
            double d = scale * (at(qpos, 7 + j) - posture[j]);
            away += d * d;
        }
        return put(Term.EFFORT, goal.effortWeight * effort / 2) + put(Term.POSTURE, goal.postureWeight * away / 2);
    }

    private double put(Term term, double value) {
        terms[term.ordinal()] = value;
        return value;
    }
}
