package io.shiftadd.model.attention;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.cache.BatchLayout;
import io.shiftadd.model.cache.TokenBatch;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attention of all tokens of a batch, causal or not, each to its own sequence's cache, divided among the threads by
 * tiles.
 */
public final class Attention implements KernelContext.ChunkTask {

    private static final float[] NONE = {};

    private final BatchLayout layout;
    private final AttentionTile[] tiles; // one for each thread
    private @Nullable AttentionShape shape;
    private @Nullable TokenBatch batch;

    /** What tiles store their own keys and values with; null if all are stored already. */
    private KeyValueWriter.@Nullable Task write;

    private float[] queries = NONE;
    private float[] result = NONE;
    private int rowsPerTile;

    /** Tiles of one key head in all segments before each. */
    private int[] tilesBefore = {};

    public Attention(BatchLayout layout, int threads) {
        this.layout = layout;
        tiles = new AttentionTile[threads];
        Arrays.setAll(tiles, _ -> new AttentionTile());
    }

    /**
     * @param queries as the shape's view says, to be rotated by {@code write}
     * @param result {@code [tokens, heads·headDim]}, overwritten
     * @param write has begun, and stores the batch's own keys and values before they are attended to
     */
    public void run(
            AttentionShape shape,
            TokenBatch batch,
            float[] queries,
            float[] result,
            KeyValueWriter.Task write,
            KernelContext context) {
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
        boolean alone = everyTileStandsAlone(shape, segments);
        this.write = alone ? write : null;
        if (!alone) {
            write.all(context);
        }
        context.parallelFor(Math.multiplyExact(tilesBefore[segments.size()], shape.kvHeads()), this);
        this.batch = null;
        this.write = null;
    }

    /**
     * Whether a tile has the only token of its segment and all heads that share a key head: then nobody else reads what
     * is stored for them, and the thread that attends stores it, in lines that it is about to read.
     */
    private boolean everyTileStandsAlone(AttentionShape shape, List<TokenBatch.Segment> segments) {
        Rope rope = shape.rope();
        for (int s = 0; s < segments.size(); s++) {
            if (tilesBefore[s + 1] - tilesBefore[s] > 1
                    || segments.get(s).count() > 1
                    || rope != null && rope.dependsOnLength(layout.sequenceEnd(layout.firstToken(s)))) {
                return false;
            }
        }
        return true;
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
        KeyValueWriter.Task own = write;
        if (own != null) {
            own.write(layout.firstToken(index), chunk % s.kvHeads());
        }
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
