package io.shiftadd.model;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;

/**
 * OpenBLAS' single-threaded float matrix product on heap arrays, which it sees without a copy. A call must be short
 * (milliseconds): the garbage collector waits for it.
 */
final class OpenBlas {

    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;
    private static final int TRANSPOSE = 112;

    private static final MethodHandle SGEMM;

    static {
        Loader.load(openblas.class);
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = SymbolLookup.loaderLookup();
        SGEMM = linker.downcallHandle(
                library.findOrThrow("cblas_sgemm"),
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
        // Parallelism is the kernel context's; threads of a second pool would only fight for the same cores.
        openblas.blas_set_num_threads(1);
    }

    private OpenBlas() {}

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
