package io.shiftadd.cli.bench;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.angular.CodeProducts;
import io.shiftadd.kernel.species.KernelSpecies;
import io.shiftadd.model.layers.OpenBlas;
import java.io.PrintWriter;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Random;

/**
 * {@code KᵀV} and {@code QA} of binary codes by tables of sums, beside the same products of zeros and ones in
 * single-precision OpenBLAS on as many threads, in turns.
 */
final class CodeProductRun {

    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;
    private static final int TRANSPOSE = 112;
    private static final int PART = 256;
    private static final int TURNS = 3;

    private static final MethodHandle SET_THREADS =
            OpenBlas.function("openblas_set_num_threads", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));

    private final int heads;
    private final int tokens;
    private final int width;
    private final int bits;
    private final int parts;
    private final KernelContext context;
    private final CodeProducts products = CodeProducts.of(KernelSpecies.active());
    private final long[] codes; // [heads, tokens], of keys and of queries
    private final long[] queries;
    private final float[] keyMatrix; // [heads, tokens, bits]
    private final float[] queryMatrix;
    private final float[] values; // [heads, tokens, width]
    private final float[] sums; // [heads, parts, bits, width]
    private final float[] result;
    private final float[] blasSums;
    private final float[] blasResult;

    private CodeProductRun(int heads, int tokens, int width, int bits, KernelContext context) {
        this.heads = heads;
        this.tokens = tokens;
        this.width = width;
        this.bits = bits;
        this.context = context;
        this.parts = Math.ceilDiv(tokens, PART);
        Random random = new Random(2);
        codes = random.longs((long) heads * tokens).toArray();
        queries = random.longs((long) heads * tokens).toArray();
        keyMatrix = matrix(codes);
        queryMatrix = matrix(queries);
        values = VisionRun.random(heads * tokens * width);
        sums = new float[heads * parts * bits * width];
        result = new float[values.length];
        blasSums = new float[heads * bits * width];
        blasResult = new float[values.length];
    }

    private float[] matrix(long[] of) {
        float[] matrix = new float[of.length * bits];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = of[i / bits] >>> i % bits & 1;
        }
        return matrix;
    }

    static void print(PrintWriter out, KernelContext context) {
        out.printf("%nKᵀV and QA on %d threads%n", context.threads());
        int[][] shapes = {{1, 3136, 32, 16}, {2, 784, 32, 16}, {5, 196, 32, 16}};
        for (int[] shape : shapes) {
            CodeProductRun run = new CodeProductRun(shape[0], shape[1], shape[2], shape[3], context);
            double ours = Double.MAX_VALUE;
            double blas = Double.MAX_VALUE;
            for (int turn = 0; turn < TURNS; turn++) {
                ours = Math.min(ours, Stopwatch.median(run::tables));
                blas = Math.min(blas, run.blasSeconds());
            }
            out.printf(
                    Locale.ROOT,
                    "heads %d, tokens %4d, d %d, bits %d: tables %.1f µs, OpenBLAS %.1f µs, %.2f ×,"
                            + " largest difference %.1e%n",
                    shape[0],
                    shape[1],
                    shape[2],
                    shape[3],
                    1e6 * ours,
                    1e6 * blas,
                    blas / ours,
                    run.difference());
            out.flush();
        }
    }

    private double difference() {
        double largest = 0;
        for (int i = 0; i < result.length; i++) {
            largest = Math.max(largest, Math.abs(result[i] - blasResult[i]));
        }
        return largest;
    }

    private void tables() {
        context.parallelFor(heads * parts, (chunk, _) -> {
            int head = chunk / parts;
            int from = chunk % parts * PART;
            int count = Math.min(PART, tokens - from);
            products.sumByCode(
                    codes,
                    head * tokens + from,
                    count,
                    bits,
                    values,
                    (head * tokens + from) * width,
                    width,
                    width,
                    sums,
                    chunk * bits * width);
        });
        context.parallelFor(heads * parts, (chunk, _) -> {
            int head = chunk / parts;
            int from = chunk % parts * PART;
            int count = Math.min(PART, tokens - from);
            float[] total = new float[bits * width];
            for (int part = 0; part < parts; part++) {
                int at = (head * parts + part) * bits * width;
                for (int i = 0; i < total.length; i++) {
                    total[i] += sums[at + i];
                }
            }
            products.addByCode(
                    queries,
                    head * tokens + from,
                    count,
                    bits,
                    total,
                    0,
                    width,
                    result,
                    (head * tokens + from) * width,
                    width);
        });
    }

    private double blasSeconds() {
        threads(context.threads());
        try {
            return Stopwatch.median(this::blas);
        } finally {
            threads(1);
        }
    }

    private static void threads(int count) {
        try {
            SET_THREADS.invokeExact(count);
        } catch (Throwable e) {
            throw new IllegalStateException("openblas_set_num_threads failed", e);
        }
    }

    private void blas() {
        for (int head = 0; head < heads; head++) {
            MemorySegment k = segment(keyMatrix, head * tokens * bits);
            MemorySegment q = segment(queryMatrix, head * tokens * bits);
            MemorySegment v = segment(values, head * tokens * width);
            MemorySegment a = segment(blasSums, head * bits * width);
            MemorySegment x = segment(blasResult, head * tokens * width);
            sgemm(TRANSPOSE, bits, width, tokens, k, bits, v, width, a);
            sgemm(NO_TRANSPOSE, tokens, width, bits, q, bits, a, width, x);
        }
    }

    private static MemorySegment segment(float[] array, int from) {
        return MemorySegment.ofArray(array).asSlice((long) from * Float.BYTES);
    }

    private static void sgemm(
            int transposed,
            int m,
            int n,
            int k,
            MemorySegment a,
            int aRow,
            MemorySegment b,
            int bRow,
            MemorySegment c) {
        try {
            OpenBlas.sgemm().invokeExact(ROW_MAJOR, transposed, NO_TRANSPOSE, m, n, k, 1f, a, aRow, b, bRow, 0f, c, n);
        } catch (Throwable e) {
            throw new IllegalStateException("cblas_sgemm failed", e);
        }
    }
}
