package io.shiftadd.quantize.reparameterization;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.shiftadd.model.layers.OpenBlas;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The dense algebra that is worth a native library: OpenBLAS, single-threaded, so that results do not depend on how
 * many threads a machine has. Matrices are row-major.
 *
 * <p>Products see heap arrays without a copy, and the garbage collector waits for a call: callers keep them to tiles
 * of some milliseconds. Factorizations, which take seconds for wide layers, work on a copy outside the heap.
 */
public final class NativeAlgebra {

    private static final int ROW_MAJOR = 101;
    private static final int COLUMN_MAJOR = 102;
    private static final int NO_TRANSPOSE = 111;
    private static final int TRANSPOSE = 112;

    private static final MethodHandle SGEMM = OpenBlas.sgemm();
    private static final MethodHandle DPOTRF;
    private static final MethodHandle DTRTRI;
    private static final MethodHandle SPOTRF;
    private static final MethodHandle SPOTRS;

    static {
        MemoryLayout[] factor = {JAVA_INT, JAVA_BYTE, JAVA_INT, ADDRESS, JAVA_INT};
        DPOTRF = OpenBlas.function("LAPACKE_dpotrf", FunctionDescriptor.of(JAVA_INT, factor));
        DTRTRI = OpenBlas.function(
                "LAPACKE_dtrtri",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_BYTE, JAVA_BYTE, JAVA_INT, ADDRESS, JAVA_INT));
        SPOTRF = OpenBlas.function("LAPACKE_spotrf", FunctionDescriptor.of(JAVA_INT, factor));
        SPOTRS = OpenBlas.function(
                "LAPACKE_spotrs",
                FunctionDescriptor.of(
                        JAVA_INT, JAVA_INT, JAVA_BYTE, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT));
    }

    private NativeAlgebra() {}

    /** A matrix inside an array: its first element and the distance of its rows. */
    public record Matrix(float[] elements, int offset, int row) {
        private MemorySegment segment() {
            return MemorySegment.ofArray(elements).asSlice((long) offset * Float.BYTES);
        }
    }

    /** {@code C[m, n] ← scale·op(A)[m, k]·op(B)[k, n] + keep·C}. */
    public static void multiply(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float scale,
            Matrix a,
            Matrix b,
            float keep,
            Matrix c) {
        if (m == 0 || n == 0) {
            return;
        }
        try {
            SGEMM.invokeExact(
                    ROW_MAJOR,
                    transposeA ? TRANSPOSE : NO_TRANSPOSE,
                    transposeB ? TRANSPOSE : NO_TRANSPOSE,
                    m,
                    n,
                    k,
                    scale,
                    a.segment(),
                    a.row(),
                    b.segment(),
                    b.row(),
                    keep,
                    c.segment(),
                    c.row());
        } catch (Throwable e) {
            throw failed("cblas_sgemm", e);
        }
    }

    /**
     * U upper with {@code UᵀU = H⁻¹}, the factor that error pushing needs: the inverse of V upper with {@code VVᵀ = H},
     * which is the Cholesky factor of H with rows and columns in the opposite order, itself so reversed.
     *
     * @param h symmetric positive definite {@code [n, n]}; not changed
     * @return row-major, zero below the diagonal, float
     * @throws ArithmeticException if h is not positive definite
     */
    static float[] upperFactorOfInverse(double[] h, int n) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment lower = reversedFactor(h, n, arena);
            int info = (int) DTRTRI.invokeExact(COLUMN_MAJOR, (byte) 'U', (byte) 'N', n, lower, n);
            checkFactor(info, n);
            float[] u = new float[h.length];
            for (int i = 0; i < n; i++) {
                long mirrored = (long) (n - 1 - i) * n + n - 1;
                for (int j = i; j < n; j++) {
                    u[i * n + j] = (float) lower.getAtIndex(JAVA_DOUBLE, mirrored - j);
                }
            }
            return u;
        } catch (Throwable e) {
            throw failed("LAPACKE_dtrtri", e);
        }
    }

    /** The diagonal of {@link #upperFactorOfInverse}, in half the time. */
    static double[] diagonalOfUpperFactor(double[] h, int n) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment lower = reversedFactor(h, n, arena);
            double[] diagonal = new double[n];
            for (int i = 0; i < n; i++) {
                diagonal[i] = 1 / lower.getAtIndex(JAVA_DOUBLE, (long) (n - 1 - i) * n + n - 1 - i);
            }
            return diagonal;
        } catch (Throwable e) {
            throw failed("LAPACKE_dpotrf", e);
        }
    }

    /**
     * L lower with {@code LLᵀ = JHJ}, J the reversal, row-major. LAPACK is told of an upper, column-major one, which is
     * the same memory: told of row-major matrices it would turn them over and back.
     */
    private static MemorySegment reversedFactor(double[] h, int n, Arena arena) throws Throwable {
        MemorySegment factor = arena.allocate((long) h.length * Double.BYTES, Double.BYTES);
        for (int i = 0; i < h.length; i++) {
            factor.setAtIndex(JAVA_DOUBLE, h.length - 1L - i, h[i]);
        }
        int info = (int) DPOTRF.invokeExact(COLUMN_MAJOR, (byte) 'U', n, factor, n);
        checkFactor(info, n);
        return factor;
    }

    /**
     * What solves {@code X·A = B} for a symmetric positive definite A, float, outside the heap.
     *
     * @param lower column-major, which is the upper half of a row-major matrix
     */
    record Factorized(int n, MemorySegment lower, Arena arena) implements AutoCloseable {

        /**
         * @param a {@code [n, n]}, its upper half is read; not changed
         * @throws ArithmeticException if a is not positive definite
         */
        static Factorized of(float[] a, int n) {
            Arena arena = Arena.ofShared();
            try {
                MemorySegment factor = arena.allocateFrom(JAVA_FLOAT, a);
                checkFactor((int) SPOTRF.invokeExact(COLUMN_MAJOR, (byte) 'L', n, factor, n), n);
                return new Factorized(n, factor, arena);
            } catch (Throwable e) {
                arena.close();
                throw failed("LAPACKE_spotrf", e);
            }
        }

        /** Overwrites {@code rows} rows of B, {@code [.., n]} row-major, with those of X; on any thread. */
        void solve(float[] b, int firstRow, int rows) {
            // Column-major [n, rows] is row-major [rows, n].
            try (Arena local = Arena.ofConfined()) {
                long count = (long) rows * n;
                MemorySegment x = local.allocate(count * Float.BYTES, Float.BYTES);
                MemorySegment.copy(b, firstRow * n, x, JAVA_FLOAT, 0, rows * n);
                int info = (int) SPOTRS.invokeExact(COLUMN_MAJOR, (byte) 'L', n, rows, lower, n, x, n);
                if (info != 0) {
                    throw new IllegalStateException("LAPACKE_spotrs refused argument " + -info);
                }
                MemorySegment.copy(x, JAVA_FLOAT, 0, b, firstRow * n, rows * n);
            } catch (Throwable e) {
                throw failed("LAPACKE_spotrs", e);
            }
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    private static void checkFactor(int info, int n) {
        if (info > 0) {
            throw new ArithmeticException("the " + n + " × " + n + " matrix is not positive definite (pivot " + info
                    + "); more calibration tokens or a larger damping make it so");
        }
        if (info < 0) {
            throw new IllegalStateException("LAPACKE refused argument " + -info);
        }
    }

    private static RuntimeException failed(String function, Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException exception
                ? exception
                : new IllegalStateException(function + " failed", cause);
    }
}
