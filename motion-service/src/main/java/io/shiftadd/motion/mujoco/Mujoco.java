package io.shiftadd.motion.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The functions of one loaded library. Handles are constants per signature and take the function's address, so that the
 * compiler inlines the call whichever library was found. Pointers are bare addresses: segments of a shared arena would
 * be locked and released around every call. Thread-safe; what is done to one model or state at a time is the caller's
 * care.
 */
public final class Mujoco {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle INT = LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle MODEL_DATA = LINKER.downcallHandle(FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
    private static final MethodHandle MODEL_DATA_INT =
            LINKER.downcallHandle(FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_INT));
    private static final MethodHandle POINTER_OF_POINTER =
            LINKER.downcallHandle(FunctionDescriptor.of(ADDRESS, ADDRESS));
    private static final MethodHandle POINTER_OF_TWO =
            LINKER.downcallHandle(FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle OF_POINTER = LINKER.downcallHandle(FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle LOAD =
            LINKER.downcallHandle(FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
    private static final MethodHandle NAME =
            LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));

    private static final int ERROR_BYTES = 1_000;

    private final int version;
    private final Offsets offsets;
    private final MemorySegment step;
    private final MemorySegment forward;
    private final MemorySegment subtreeVelocities;
    private final MemorySegment resetToKeyframe;
    private final MemorySegment makeData;
    private final MemorySegment deleteData;
    private final MemorySegment copyModel;
    private final MemorySegment deleteModel;
    private final MemorySegment loadXml;
    private final MemorySegment nameToId;

    Mujoco(int version, Offsets offsets, SymbolLookup symbols) {
        this.version = version;
        this.offsets = offsets;
        this.step = symbols.findOrThrow("mj_step");
        this.forward = symbols.findOrThrow("mj_forward");
        this.subtreeVelocities = symbols.findOrThrow("mj_subtreeVel");
        this.resetToKeyframe = symbols.findOrThrow("mj_resetDataKeyframe");
        this.makeData = symbols.findOrThrow("mj_makeData");
        this.deleteData = symbols.findOrThrow("mj_deleteData");
        this.copyModel = symbols.findOrThrow("mj_copyModel");
        this.deleteModel = symbols.findOrThrow("mj_deleteModel");
        this.loadXml = symbols.findOrThrow("mj_loadXML");
        this.nameToId = symbols.findOrThrow("mj_name2id");
        silenceWarnings(symbols);
    }

    /**
     * A warning would be appended to a file in the working directory; we read the counters instead. The handler is C's
     * {@code strlen}, which takes the text and does nothing: no call back into Java, which may not throw there.
     */
    private static void silenceWarnings(SymbolLookup symbols) {
        symbols.findOrThrow("mju_user_warning")
                .reinterpret(ADDRESS.byteSize())
                .set(ADDRESS, 0, LINKER.defaultLookup().findOrThrow("strlen"));
    }

    static int versionOf(SymbolLookup symbols) {
        try {
            return (int) INT.invokeExact(symbols.findOrThrow("mj_version"));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** As people write it, e.g. 2.2.2. */
    public String version() {
        return Offsets.shown(version);
    }

    Offsets offsets() {
        return offsets;
    }

    /**
     * @throws MujocoException when the file is no model; the message is MuJoCo's
     */
    public Model load(Path xml) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(ERROR_BYTES);
            MemorySegment model;
            try {
                model = (MemorySegment) LOAD.invokeExact(
                        loadXml, arena.allocateFrom(xml.toString()), MemorySegment.NULL, error, ERROR_BYTES);
            } catch (Throwable e) {
                throw unexpected(e);
            }
            if (model.address() == 0) {
                throw new MujocoException(
                        xml + " is no model: " + error.getString(0).strip());
            }
            return new Model(this, model);
        }
    }

    void step(MemorySegment model, MemorySegment data) {
        call(step, model, data);
    }

    void forward(MemorySegment model, MemorySegment data) {
        call(forward, model, data);
    }

    void subtreeVelocities(MemorySegment model, MemorySegment data) {
        call(subtreeVelocities, model, data);
    }

    private static void call(MemorySegment function, MemorySegment model, MemorySegment data) {
        try {
            MODEL_DATA.invokeExact(function, model, data);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void resetToKeyframe(MemorySegment model, MemorySegment data, int key) {
        try {
            MODEL_DATA_INT.invokeExact(resetToKeyframe, model, data, key);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    MemorySegment makeData(MemorySegment model) {
        return pointer(makeData, model);
    }

    void deleteData(MemorySegment data) {
        free(deleteData, data);
    }

    MemorySegment copyModel(MemorySegment model) {
        try {
            return (MemorySegment) POINTER_OF_TWO.invokeExact(copyModel, MemorySegment.NULL, model);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void deleteModel(MemorySegment model) {
        free(deleteModel, model);
    }

    private static MemorySegment pointer(MemorySegment function, MemorySegment argument) {
        try {
            return (MemorySegment) POINTER_OF_POINTER.invokeExact(function, argument);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static void free(MemorySegment function, MemorySegment what) {
        try {
            OF_POINTER.invokeExact(function, what);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int idOf(MemorySegment model, int kind, String name) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) NAME.invokeExact(nameToId, model, kind, arena.allocateFrom(name));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Handles declare Throwable; these throw none but errors of the virtual machine. */
    private static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a call of MuJoCo failed", thrown);
    }
}
