package io.shiftadd.model.layers;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;

/**
 * OpenBLAS, single-threaded: parallelism is the kernel context's, and a result does not depend on how a library splits
 * the work.
 *
 * <p>The binding loads two copies of OpenBLAS, with and without LAPACK, each with threads of its own. All functions are
 * taken from the one with LAPACK, by its file, and that one is told to use a single thread: a look-up by name alone
 * finds either, whichever the order of the files' paths in a hash table brings first.
 */
public final class OpenBlas {

    private static final String NAME = "openblas";

    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;
    private static final int TRANSPOSE = 112;

    private static final SymbolLookup LIBRARY = load();
    private static final MethodHandle SGEMM = function(
            "cblas_sgemm",
            FunctionDescriptor.ofVoid(
                    JAVA_INT,
                    JAVA_INT,
                    JAVA_INT,
                    JAVA_INT,
                    JAVA_INT,
                    JAVA_INT,
                    JAVA_FLOAT,
                    ADDRESS,
                    JAVA_INT,
                    ADDRESS,
                    JAVA_INT,
                    JAVA_FLOAT,
                    ADDRESS,
                    JAVA_INT),
            Linker.Option.critical(true));
    private static final MethodHandle THREADS = function("openblas_get_num_threads", FunctionDescriptor.of(JAVA_INT));

    static {
        try {
            function("openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT))
                    .invokeExact(1);
        } catch (Throwable e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private OpenBlas() {}

    private static SymbolLookup load() {
        unpackAndLoad();
        // Names are those of the binding: with the version that is part of the file's name, if there is one.
        Path file = Loader.getLoadedLibraries().entrySet().stream()
                .filter(library -> library.getKey().split("@")[0].equals(NAME))
                .map(Map.Entry::getValue)
                .map(Path::of)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the native library " + NAME
                        + " is not among those that were loaded: " + Loader.getLoadedLibraries()));
        return SymbolLookup.libraryLookup(file, Arena.global());
    }

    private static void unpackAndLoad() {
        try {
            Loader.load(openblas.class);
        } catch (UnsatisfiedLinkError e) {
            String temporary = System.getProperty("java.io.tmpdir");
            var named = new UnsatisfiedLinkError("the native library OpenBLAS could not be loaded (" + e.getMessage()
                    + "): it is unpacked to " + System.getProperty("user.home") + "/.javacpp or to " + temporary
                    + ", one of which has to be writable and must not be mounted noexec");
            named.initCause(e);
            throw named;
        }
    }

    /**
     * A function of the library, of its C, BLAS or LAPACKE interface.
     *
     * @throws java.util.NoSuchElementException if it has no such function
     */
    public static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return Linker.nativeLinker().downcallHandle(LIBRARY.findOrThrow(name), descriptor, options);
    }

    /**
     * {@code cblas_sgemm}, which sees heap arrays without a copy. A call must be short (milliseconds): the garbage
     * collector waits for it.
     */
    public static MethodHandle sgemm() {
        return SGEMM;
    }

    /** Threads that the library uses for a call. */
    static int threads() {
        try {
            return (int) THREADS.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("openblas_get_num_threads failed", e);
        }
    }

    /**
     * {@code c[i, j] += Σ_k a[i, k]·b[j, k]} for i below m and j below n; all row-major with rows of {@code aRow},
     * {@code bRow} and {@code cRow} elements.
     */
    static void addProduct(
            int m, int n, int k, MemorySegment a, int aRow, MemorySegment b, int bRow, MemorySegment c, int cRow) {
        try {
            SGEMM.invokeExact(ROW_MAJOR, NO_TRANSPOSE, TRANSPOSE, m, n, k, 1f, a, aRow, b, bRow, 1f, c, cRow);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cblas_sgemm failed", e);
        }
    }
}
