package io.shiftadd.model;

import io.shiftadd.kernel.KernelContext;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Causal attention of all tokens of a batch, each to its own sequence's cache, divided among the threads by tiles. */
final class Attention implements KernelContext.ChunkTask {

    private final BatchLayout layout;
    private final AttentionTile[] tiles; // one for each thread
    private @Nullable AttentionShape shape;
    private @Nullable TokenBatch batch;
    private float[] queries = Workspace.NONE;
    private float[] result = Workspace.NONE;
    private int rowsPerTile;

    /** Tiles of one key head in all segments before each. */
    private int[] tilesBefore = {};

    Attention(BatchLayout layout, int threads) {
        this.layout = layout;
        tiles = new AttentionTile[threads];
        Arrays.setAll(tiles, _ -> new AttentionTile());
    }

    /**
     * @param queries as the shape's view says; rotated already, as are the keys in the caches
     * @param result {@code [tokens, heads·headDim]}, overwritten
     */
    void run(AttentionShape shape, TokenBatch batch, float[] queries, float[] result, KernelContext context) {
        this.shape = shape;
        this.batch = batch;
        this.queries = queries;
        this.result = result;
        List<TokenBatch.Segment> segments = batch.segments();
        if (tilesBefore.length <= segments.size()) {
            tilesBefore = new int[segments.size() + 1];
        }
        int rows = Math.multiplyExact(batch.tokens(), shape.group());
        // One decoded token with few key heads still gives every thread a tile: its result is the same in any.
        rowsPerTile = Math.clamp(Math.ceilDiv((long) rows * shape.kvHeads(), context.threads()), 1, AttentionTile.ROWS);
        for (int s = 0; s < segments.size(); s++) {
            int tiles = Math.ceilDiv(segments.get(s).count() * shape.group(), rowsPerTile);
            tilesBefore[s + 1] = tilesBefore[s] + tiles;
        }
        context.parallelFor(Math.multiplyExact(tilesBefore[segments.size()], shape.kvHeads()), this);
        this.batch = null;
    }

    @Override
    public void run(int chunk, int worker) {
        AttentionShape s = shape;
        TokenBatch tokens = batch;
        if (s == null || tokens == null) {
            return;
        }
        int tile = chunk / s.kvHeads();
        int found = Arrays.binarySearch(tilesBefore, 0, tokens.segments().size() + 1, tile);
        int index = found >= 0 ? found : -found - 2;
        TokenBatch.Segment segment = tokens.segments().get(index);
        tiles[worker].attend(
                s,
                segment.cache(),
                segment.count(),
                layout.firstToken(index),
                chunk % s.kvHeads(),
                (tile - tilesBefore[index]) * rowsPerTile,
                rowsPerTile,
                queries,
                result);
    }
}
