package io.shiftadd.model.attention;

import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.KvPages;
import io.shiftadd.model.layers.VectorMath;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A few query vectors that attend to the keys of one head: {@code softmax(scale·q·Kᵀ + bias)·V}, a page of keys at a
 * time. Everything it needs, reused.
 *
 * <p>A row is one query vector. Rows of a segment are numbered {@code token·group + head in the group}, so that a tile
 * holds several tokens of a prompt or all heads of a decoded token alike. A row goes through its own pages in the same
 * order whatever else is in the tile: its result depends on nothing else, bit for bit.
 */
final class AttentionTile {

    private static final float[] NONE = {};

    /** Rows of a tile: their sums and scores stay in the first-level cache. */
    static final int ROWS = 16;

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
    private static final int LANES = VectorMath.LANES;
    private static final int PAGE = KvCache.PAGE;
    private static final FloatVector INDEX = FloatVector.zero(SPECIES).addIndex(1);

    private final RunningSoftmax softmax = new RunningSoftmax(ROWS);
    private final float[] scores = softmax.scores;
    private float[] queries = NONE; // [headDim, ROWS], scaled
    private float[] sums = NONE; // [ROWS, paddedDim], of weighted values so far
    private float[] keyScratch = NONE;
    private float[] valueScratch = NONE;

    private int width; // padded length of a value
    private int firstRow;
    private int rows;
    private int firstPosition;
    private int group;
    private int window;
    private boolean causal;
    private int count;

    /**
     * Computes rows {@code firstRow .. firstRow+maxRows} of a segment, as far as there are, for one key head.
     *
     * @param maxRows at most {@link #ROWS}
     * @param firstToken the segment's first token among those of {@code queries} and {@code result}
     * @param cache whose length is still that before the segment
     */
    void attend(
            AttentionShape shape,
            KvCache cache,
            int count,
            int firstToken,
            int kvHead,
            int firstRow,
            int maxRows,
            float[] queries,
            float[] result) {
        this.firstRow = firstRow;
        this.group = shape.group();
        this.rows = Math.min(maxRows, count * group - firstRow);
        this.firstPosition = cache.length();
        this.window = shape.window();
        this.causal = shape.causal();
        this.count = count;
        KvPages pages = cache.layer(shape.layer());
        begin(pages);
        load(shape, firstToken, kvHead, queries);
        int end = keysEnd(rows - 1);
        int first = keysBegin(0);
        boolean bytes = pages.precision() == KvCache.Precision.INT8 && ByteScores.possible();
        for (int page = first / PAGE; page * PAGE < end; page++) {
            int positions = Math.min(PAGE, end - page * PAGE);
            if (bytes) {
                ByteScores.scores(this.queries, rows, shape.headDim(), pages.bytes(page), kvHead, positions, scores);
            } else {
                float[] keys = pages.keys(page, kvHead, keyScratch);
                int keysAt = pages.keyOffset(page, kvHead);
                TileProducts.scores(this.queries, rows, shape.headDim(), keys, keysAt, positions, scores);
            }
            for (int r = 0; r < rows; r++) {
                weigh(shape, r, kvHead * group + (firstRow + r) % group, page * PAGE);
            }
            int from = Math.max(0, first - page * PAGE);
            if (bytes) {
                ByteSums.addWeighted(scores, rows, from, positions, pages.bytes(page), kvHead, sums, width);
            } else {
                float[] values = pages.values(page, kvHead, positions, valueScratch);
                int valuesAt = pages.valueOffset(page, kvHead);
                TileProducts.addWeighted(scores, rows, from, positions, values, valuesAt, sums, width);
            }
        }
        store(shape, firstToken, kvHead, result);
    }

    private int token(int row) {
        return (firstRow + row) / group;
    }

    private int keysBegin(int row) {
        return (int) Math.max(0, (long) keysEnd(row) - window);
    }

    private int keysEnd(int row) {
        return firstPosition + (causal ? token(row) + 1 : count);
    }

    private void begin(KvPages pages) {
        width = pages.paddedDim();
        if (sums.length < ROWS * width) {
            queries = new float[ROWS * width];
            sums = new float[ROWS * width];
        }
        if (pages.precision() != KvCache.Precision.FLOAT32 && keyScratch.length < PAGE * width) {
            keyScratch = new float[PAGE * width];
            valueScratch = new float[PAGE * width];
        }
        Arrays.fill(sums, 0, rows * width, 0);
        softmax.begin();
    }

    private void load(AttentionShape shape, int firstToken, int kvHead, float[] source) {
        int d = shape.headDim();
        for (int r = 0; r < rows; r++) {
            int from = shape.queryView().at(firstToken + token(r), kvHead * group + (firstRow + r) % group);
            for (int i = 0; i < d; i++) {
                queries[i * ROWS + r] = source[from + i] * shape.scale();
            }
        }
    }

    /** Turns a row's scores into weights relative to the running maximum, and rescales what was summed so far. */
    private void weigh(AttentionShape shape, int row, int head, int pageStart) {
        int at = row * PAGE;
        int from = Math.clamp((long) keysBegin(row) - pageStart, 0, PAGE);
        int to = Math.clamp((long) keysEnd(row) - pageStart, 0, PAGE);
        if (from >= to) {
            softmax.leaveOut(row);
            return;
        }
        if (shape.softCap() > 0) {
            softCap(at, shape.softCap());
        }
        if (shape.slopes() != null) {
            addBias(at, shape.slopes()[head], pageStart);
        }
        float factor = softmax.weigh(row, from, to);
        if (factor != 1) {
            rescale(row, factor);
        }
    }

    private void softCap(int at, float cap) {
        for (int i = at; i < at + PAGE; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, scores, i);
            VectorMath.tanh(v.div(cap)).mul(cap).intoArray(scores, i);
        }
    }

    private void addBias(int at, float slope, int pageStart) {
        for (int i = 0; i < PAGE; i += LANES) {
            FloatVector bias = INDEX.add(pageStart + i).mul(slope);
            FloatVector.fromArray(SPECIES, scores, at + i).add(bias).intoArray(scores, at + i);
        }
    }

    private void rescale(int row, float factor) {
        for (int i = row * width; i < (row + 1) * width; i += LANES) {
            FloatVector.fromArray(SPECIES, sums, i).mul(factor).intoArray(sums, i);
        }
    }

    private void store(AttentionShape shape, int firstToken, int kvHead, float[] result) {
        int d = shape.headDim();
        for (int r = 0; r < rows; r++) {
            float total = softmax.total(r);
            int head = kvHead * group + (firstRow + r) % group;
            int to = ((firstToken + token(r)) * shape.heads() + head) * d;
            int vectors = SPECIES.loopBound(d);
            for (int i = 0; i < vectors; i += LANES) {
                FloatVector.fromArray(SPECIES, sums, r * width + i).div(total).intoArray(result, to + i);
            }
            for (int i = vectors; i < d; i++) {
                result[to + i] = sums[r * width + i] / total;
            }
        }
    }
}
