package io.shiftadd.motion.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The state of one simulation (mjData), owned by an arena that {@link #close()} closes. For one thread at a time.
 * Arrays are segments of doubles over MuJoCo's own memory: what is written there is the state.
 */
public final class Simulation implements AutoCloseable {

    private final Mujoco mujoco;
    private final Model model;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment pointer;
    private final MemorySegment struct;
    private final long time;
    private final long badPosition;
    private final long badVelocity;
    private final long badAcceleration;
    private final MemorySegment qpos;
    private final MemorySegment qvel;
    private final MemorySegment warmStart;
    private final MemorySegment control;
    private final MemorySegment force;
    private final MemorySegment bodyPosition;
    private final MemorySegment bodyRotation;
    private final MemorySegment bodyMatrix;
    private final MemorySegment sitePosition;
    private final MemorySegment subtreeCentre;
    private final MemorySegment subtreeVelocity;

    public Simulation(Model model) {
        this.mujoco = model.mujoco();
        this.model = model;
        Offsets offsets = mujoco.offsets();
        this.pointer = MemorySegment.ofAddress(mujoco.makeData(model.pointer()).address());
        this.struct = pointer.reinterpret(offsets.value("sizeof.mjData"), arena, mujoco::deleteData);
        this.time = offsets.field("mjData.time").offset();
        this.badPosition = counter("mjWARN_BADQPOS");
        this.badVelocity = counter("mjWARN_BADQVEL");
        this.badAcceleration = counter("mjWARN_BADQACC");
        this.qpos = array("qpos", model.positions());
        this.qvel = array("qvel", model.velocities());
        this.warmStart = array("qacc_warmstart", model.velocities());
        this.control = array("ctrl", model.controls());
        this.force = array("actuator_force", model.controls());
        this.bodyPosition = array("xpos", 3 * model.bodies());
        this.bodyRotation = array("xquat", 4 * model.bodies());
        this.bodyMatrix = array("xmat", 9 * model.bodies());
        this.sitePosition = array("site_xpos", 3 * model.sites());
        this.subtreeCentre = array("subtree_com", 3 * model.bodies());
        this.subtreeVelocity = array("subtree_linvel", 3 * model.bodies());
    }

    private long counter(String kind) {
        Offsets offsets = mujoco.offsets();
        return offsets.field("mjData.warning").offset()
                + (long) offsets.value(kind) * offsets.value("sizeof.mjWarningStat")
                + offsets.field("mjWarningStat.number").offset();
    }

    private MemorySegment array(String name, int count) {
        return struct.get(ADDRESS, mujoco.offsets().field("mjData." + name).offset())
                .reinterpret((long) count * Double.BYTES, arena, null);
    }

    /** One step of the model's own length; kinematics are those of the state before it. */
    public void step() {
        requireOpen();
        mujoco.step(model.pointer(), pointer);
    }

    /** Kinematics and forces of the state as it is. */
    public void forward() {
        requireOpen();
        mujoco.forward(model.pointer(), pointer);
    }

    /** Brings {@link #subtreeVelocity()} up to date. */
    public void updateSubtreeVelocities() {
        requireOpen();
        mujoco.subtreeVelocities(model.pointer(), pointer);
    }

    public void resetToKeyframe(int key) {
        requireOpen();
        mujoco.resetToKeyframe(model.pointer(), pointer, key);
    }

    private void requireOpen() {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("the simulation is closed");
        }
    }

    /** How often the state was not finite or beyond all measure, at which MuJoCo starts anew. */
    public int instabilities() {
        return struct.get(JAVA_INT, badPosition)
                + struct.get(JAVA_INT, badVelocity)
                + struct.get(JAVA_INT, badAcceleration);
    }

    /** Seconds since the keyframe. */
    public double time() {
        return struct.get(JAVA_DOUBLE, time);
    }

    public void setTime(double seconds) {
        struct.set(JAVA_DOUBLE, time, seconds);
    }

    /** Positions of joints: of the free body x, y, z, quaternion; then an angle each. */
    public MemorySegment qpos() {
        return qpos;
    }

    /** Velocities: of the free body linear (world) and angular (its own frame); then a joint each. */
    public MemorySegment qvel() {
        return qvel;
    }

    /** The accelerations from which the solver starts; they travel with the state. */
    public MemorySegment warmStart() {
        return warmStart;
    }

    /** What actuators are asked for. */
    public MemorySegment control() {
        return control;
    }

    public MemorySegment actuatorForce() {
        return force;
    }

    /** Three numbers a body. */
    public MemorySegment bodyPosition() {
        return bodyPosition;
    }

    /** Four numbers a body: w, x, y, z. */
    public MemorySegment bodyRotation() {
        return bodyRotation;
    }

    /** Nine numbers a body, row by row. */
    public MemorySegment bodyMatrix() {
        return bodyMatrix;
    }

    /** Three numbers a site. */
    public MemorySegment sitePosition() {
        return sitePosition;
    }

    /** The centre of mass of a body and all that hangs on it: three numbers a body. */
    public MemorySegment subtreeCentre() {
        return subtreeCentre;
    }

    /** Its velocity, after {@link #updateSubtreeVelocities()}. */
    public MemorySegment subtreeVelocity() {
        return subtreeVelocity;
    }

    @Override
    public void close() {
        arena.close();
    }
}
