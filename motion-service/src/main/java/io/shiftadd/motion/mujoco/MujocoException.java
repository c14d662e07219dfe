package io.shiftadd.motion.mujoco;

/** What MuJoCo refused, in its words. */
public final class MujocoException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MujocoException(String message) {
        super(message);
    }
}
