package io.shiftadd.motion.mujoco;

/** Whether MuJoCo can be used, and if not, what to do about it. */
public sealed interface LibraryState {

    /** @param origin the name or path it was loaded by */
    record Ready(Mujoco library, String origin) implements LibraryState {}

    /**
     * @param reason what was looked for and what was found
     * @param remedy what to install or set
     */
    record Missing(String reason, String remedy) implements LibraryState {}
}
