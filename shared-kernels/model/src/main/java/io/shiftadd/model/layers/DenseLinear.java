package io.shiftadd.model.layers;

import io.shiftadd.format.MatrixRows;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * A float linear layer {@code y[t, n] = Σ_k W[n, k]·x[t, k] + b[n]} over weights that stay in the mapped file in their
 * own type; tiles of rows are expanded to float as they are needed.
 *
 * <p>The result is the same, bit for bit, on any number of threads. Up to {@link #FEW} tokens are multiplied one by
 * one, always in the same order: there a token's result does not depend on the others either. More go through a matrix
 * product, which may differ from that in the last bits.
 */
public final class DenseLinear implements LinearLayer {

    /** Up to here one pass over the expanded rows per token is no slower than a matrix product. */
    public static final int FEW = 8;

    /** Rows whose dot products with one token are computed together, so that its elements are loaded once. */
    private static final int ROWS = 4;

    /** Weights of a chunk when tokens are few: large against handing it out, small enough to balance. */
    private static final int CHUNK_WEIGHTS = 1 << 16;

    /**
     * Rows and tokens of one matrix product: its inputs fit the second-level cache and it ends within a millisecond.
     */
    private static final int TILE_ROWS = 128;

    private static final int TILE_TOKENS = 256;

    private static final float[] NONE = {};

    private final WeightRows weights;
    private final float @Nullable [] bias;

    /** @param weights of shape {@code [N, K]} */
    public DenseLinear(MatrixRows weights, float @Nullable [] bias) {
        this.weights = new WeightRows(weights);
        this.bias = bias;
    }

    @Override
    public int inputs() {
        return weights.columns();
    }

    @Override
    public int outputs() {
        return weights.rows();
    }

    @Override
    public long weightBytes() {
        return weights.bytes();
    }

    public float[] toFloatArray() {
        return weights.toFloatArray();
    }

    float @Nullable [] bias() {
        return bias;
    }

    @Override
    public void forward(float[] x, float[] y, int tokens, KernelContext context) {
        if (x.length < (long) tokens * inputs() || y.length < (long) tokens * outputs()) {
            throw new IllegalArgumentException(tokens + " tokens take " + (long) tokens * inputs() + " inputs and "
                    + (long) tokens * outputs() + " outputs, not " + x.length + " and " + y.length);
        }
        context.kept(Task.class, Task::new).run(this, x, y, tokens, context);
    }

    /** As {@link #forward} on the calling thread alone. */
    public void forwardAlone(float[] x, float[] y, int tokens) {
        float[] tile = new float[ROWS * inputs()];
        for (int from = 0; from < tokens; from += FEW) {
            few(x, y, from, Math.min(tokens, from + FEW), 0, outputs(), tile);
        }
    }

    /** The work of one call, divided into chunks; kept by the context, so that a call allocates nothing. */
    static final class Task implements KernelContext.ChunkTask {

        private final float[][] tiles; // one for each thread
        private @Nullable DenseLinear layer;
        private float[] x = {};
        private float[] y = {};
        private int tokens;
        private int chunkRows;

        Task(KernelContext context) {
            tiles = new float[context.threads()][];
            Arrays.fill(tiles, NONE);
        }

        void run(DenseLinear layer, float[] x, float[] y, int tokens, KernelContext context) {
            this.layer = layer;
            this.x = x;
            this.y = y;
            this.tokens = tokens;
            int rowChunks;
            int tokenChunks;
            if (tokens <= FEW) {
                int wanted = CHUNK_WEIGHTS / layer.inputs() / ROWS * ROWS;
                chunkRows = Math.max(ROWS, Math.min(wanted, layer.outputs()));
                tokenChunks = 1;
            } else {
                chunkRows = TILE_ROWS;
                tokenChunks = Math.ceilDiv(tokens, TILE_TOKENS);
            }
            rowChunks = Math.ceilDiv(layer.outputs(), chunkRows);
            context.parallelFor(rowChunks * tokenChunks, this);
            this.layer = null;
            this.x = NONE;
            this.y = NONE;
        }

        @Override
        public void run(int chunk, int worker) {
            DenseLinear dense = layer;
            if (dense == null) {
                return;
            }
            int rowChunks = Math.ceilDiv(dense.outputs(), chunkRows);
            int from = chunk % rowChunks * chunkRows;
            int to = Math.min(from + chunkRows, dense.outputs());
            if (tokens <= FEW) {
                float[] tile = tile(worker, ROWS * dense.inputs());
                dense.few(x, y, 0, tokens, from, to, tile);
            } else {
                float[] tile = tile(worker, chunkRows * dense.inputs());
                int first = chunk / rowChunks * TILE_TOKENS;
                dense.many(x, y, first, Math.min(first + TILE_TOKENS, tokens), from, to, tile);
            }
        }

        /** At least {@code size} elements of one thread, whose content is undefined. */
        private float[] tile(int worker, int size) {
            if (tiles[worker].length < size) {
                tiles[worker] = new float[size];
            }
            return tiles[worker];
        }
    }

    private void few(float[] x, float[] y, int firstToken, int endToken, int from, int to, float[] tile) {
        int k = inputs();
        int n = outputs();
        for (int row = from; row < to; row += ROWS) {
            int rows = Math.min(ROWS, to - row);
            weights.expand(row, rows, tile, 0);
            for (int t = firstToken; t < endToken; t++) {
                if (rows == ROWS) {
                    Products.dotFour(tile, k, x, t * k, y, t * n + row);
                } else {
                    for (int r = 0; r < rows; r++) {
                        y[t * n + row + r] = Products.dot(tile, r * k, x, t * k, k);
                    }
                }
                if (bias != null) {
                    for (int r = 0; r < rows; r++) {
                        y[t * n + row + r] += bias[row + r];
                    }
                }
            }
        }
    }

    /** Apart, because a process that only looks at a model need not have the module of vectors. */
    private static final class Products {

        private Products() {}

        /** Four dot products, each with the additions of {@link #dot} in the same order. */
        static void dotFour(float[] tile, int k, float[] x, int at, float[] y, int to) {
            FloatVector a = FloatVector.zero(VectorMath.SPECIES);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            int i = 0;
            for (; i <= k - VectorMath.LANES; i += VectorMath.LANES) {
                FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, x, at + i);
                a = FloatVector.fromArray(VectorMath.SPECIES, tile, i).fma(v, a);
                b = FloatVector.fromArray(VectorMath.SPECIES, tile, k + i).fma(v, b);
                c = FloatVector.fromArray(VectorMath.SPECIES, tile, 2 * k + i).fma(v, c);
                d = FloatVector.fromArray(VectorMath.SPECIES, tile, 3 * k + i).fma(v, d);
            }
            float sumA = VectorMath.sum(a);
            float sumB = VectorMath.sum(b);
            float sumC = VectorMath.sum(c);
            float sumD = VectorMath.sum(d);
            for (; i < k; i++) {
                float v = x[at + i];
                sumA = Math.fma(tile[i], v, sumA);
                sumB = Math.fma(tile[k + i], v, sumB);
                sumC = Math.fma(tile[2 * k + i], v, sumC);
                sumD = Math.fma(tile[3 * k + i], v, sumD);
            }
            y[to] = sumA;
            y[to + 1] = sumB;
            y[to + 2] = sumC;
            y[to + 3] = sumD;
        }

        static float dot(float[] tile, int from, float[] x, int at, int k) {
            FloatVector a = FloatVector.zero(VectorMath.SPECIES);
            int i = 0;
            for (; i <= k - VectorMath.LANES; i += VectorMath.LANES) {
                FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, x, at + i);
                a = FloatVector.fromArray(VectorMath.SPECIES, tile, from + i).fma(v, a);
            }
            float sum = VectorMath.sum(a);
            for (; i < k; i++) {
                sum = Math.fma(tile[from + i], x[at + i], sum);
            }
            return sum;
        }
    }

    private void many(float[] x, float[] y, int firstToken, int endToken, int from, int to, float[] tile) {
        int k = inputs();
        int n = outputs();
        weights.expand(from, to - from, tile, 0);
        for (int t = firstToken; t < endToken; t++) {
            int at = t * n;
            if (bias == null) {
                Arrays.fill(y, at + from, at + to, 0);
            } else {
                System.arraycopy(bias, from, y, at + from, to - from);
            }
        }
        MemorySegment a = MemorySegment.ofArray(x).asSlice((long) firstToken * k * Float.BYTES);
        MemorySegment b = MemorySegment.ofArray(tile);
        MemorySegment c = MemorySegment.ofArray(y).asSlice(((long) firstToken * n + from) * Float.BYTES);
        OpenBlas.addProduct(endToken - firstToken, to - from, k, a, k, b, k, c, n);
    }
}
