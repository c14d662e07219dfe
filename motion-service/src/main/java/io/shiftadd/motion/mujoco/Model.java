package io.shiftadd.motion.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A compiled model (mjModel), owned by an arena that {@link #close()} closes. It is read by many threads; its options
 * are set before they begin. Not to be closed while a {@link Simulation} of it is open.
 */
public final class Model implements AutoCloseable {

    private final Mujoco mujoco;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment pointer;
    private final MemorySegment struct;
    private final int positions;
    private final int velocities;
    private final int controls;
    private final int bodies;
    private final int geoms;
    private final int sites;
    private final int keyframes;

    Model(Mujoco mujoco, MemorySegment pointer) {
        this.mujoco = mujoco;
        this.pointer = MemorySegment.ofAddress(pointer.address());
        this.struct = pointer.reinterpret(
                mujoco.offsets().value("sizeof.mjModel"), arena, _ -> mujoco.deleteModel(this.pointer));
        this.positions = size("nq");
        this.velocities = size("nv");
        this.controls = size("nu");
        this.bodies = size("nbody");
        this.geoms = size("ngeom");
        this.sites = size("nsite");
        this.keyframes = size("nkey");
        if (mujoco.offsets().has("mjModel.opt.collision")) {
            // As newer versions have it always: who may touch is what the file lists.
            setInt("opt.collision", mujoco.offsets().value("mjCOL_PAIR"));
        }
    }

    /** Its own copy, with options of its own. */
    public Model copy() {
        return new Model(mujoco, mujoco.copyModel(pointer));
    }

    Mujoco mujoco() {
        return mujoco;
    }

    MemorySegment pointer() {
        return pointer;
    }

    /** Numbers of qpos: 7 of the free body, then a joint each. */
    public int positions() {
        return positions;
    }

    /** Numbers of qvel: 6 of the free body, then a joint each. */
    public int velocities() {
        return velocities;
    }

    public int controls() {
        return controls;
    }

    /** The world, which is the first, among them. */
    public int bodies() {
        return bodies;
    }

    public int geoms() {
        return geoms;
    }

    int sites() {
        return sites;
    }

    public int keyframes() {
        return keyframes;
    }

    public int body(String name) {
        return id("mjOBJ_BODY", name);
    }

    public int geom(String name) {
        return id("mjOBJ_GEOM", name);
    }

    public int site(String name) {
        return id("mjOBJ_SITE", name);
    }

    /** @param seconds of one step */
    public void setTimestep(double seconds) {
        setDouble("opt.timestep", seconds);
    }

    /** Newton's method, with at most so many iterations a step. */
    public void setNewton(int iterations, double tolerance) {
        setInt("opt.solver", mujoco.offsets().value("mjSOL_NEWTON"));
        setInt("opt.iterations", iterations);
        setDouble("opt.tolerance", tolerance);
    }

    /** The joint positions of a keyframe, as in qpos. */
    public double[] keyframePositions(int key) {
        return array("key_qpos", (long) key * positions, positions);
    }

    /** The controls of a keyframe. */
    public double[] keyframeControls(int key) {
        return array("key_ctrl", (long) key * controls, controls);
    }

    /** Least and most of each control, in pairs. */
    public double[] controlRanges() {
        return array("actuator_ctrlrange", 0, 2 * controls);
    }

    /** A geom's kind as MuJoCo numbers them: 0 plane, 2 sphere, 3 capsule, 6 box. */
    public int geomKind(int geom) {
        return ints("geom_type").getAtIndex(JAVA_INT, geom);
    }

    public int geomBody(int geom) {
        return ints("geom_bodyid").getAtIndex(JAVA_INT, geom);
    }

    /** Half sizes, or radius and half length, in metres. */
    public double[] geomSize(int geom) {
        return array("geom_size", 3L * geom, 3);
    }

    /** Its centre in its body, in metres. */
    public double[] geomPosition(int geom) {
        return array("geom_pos", 3L * geom, 3);
    }

    /** Its orientation in its body: w, x, y, z. */
    public double[] geomRotation(int geom) {
        return array("geom_quat", 4L * geom, 4);
    }

    /** Red, green and blue, 0 to 1. */
    public double[] geomColour(int geom) {
        float[] colour = floats("geom_rgba", 4L * geom, 3);
        double[] rounded = new double[colour.length];
        for (int i = 0; i < colour.length; i++) {
            rounded[i] = Math.rint(colour[i] * 100) / 100;
        }
        return rounded;
    }

    private int id(String kind, String name) {
        int id = mujoco.idOf(pointer, mujoco.offsets().value(kind), name);
        if (id < 0) {
            throw new MujocoException("the model has no '" + name + "'");
        }
        return id;
    }

    private int size(String name) {
        Offsets.Field field = field(name);
        return field.bytes() == Long.BYTES
                ? Math.toIntExact(struct.get(JAVA_LONG, field.offset()))
                : struct.get(JAVA_INT, field.offset());
    }

    private void setInt(String name, int value) {
        struct.set(JAVA_INT, field(name).offset(), value);
    }

    private void setDouble(String name, double value) {
        struct.set(JAVA_DOUBLE, field(name).offset(), value);
    }

    private double[] array(String name, long from, int count) {
        return struct.get(ADDRESS, field(name).offset())
                .reinterpret((from + count) * Double.BYTES, arena, null)
                .asSlice(from * Double.BYTES)
                .toArray(JAVA_DOUBLE);
    }

    private float[] floats(String name, long from, int count) {
        return struct.get(ADDRESS, field(name).offset())
                .reinterpret((from + count) * Float.BYTES, arena, null)
                .asSlice(from * Float.BYTES)
                .toArray(JAVA_FLOAT);
    }

    private MemorySegment ints(String name) {
        return struct.get(ADDRESS, field(name).offset())
                .reinterpret((long) geoms * ValueLayout.JAVA_INT.byteSize(), arena, null);
    }

    private Offsets.Field field(String name) {
        return mujoco.offsets().field("mjModel." + name);
    }

    @Override
    public void close() {
        arena.close();
    }
}
