package io.shiftadd.kernel;

import io.shiftadd.kernel.loops.RowLookUp;
import io.shiftadd.kernel.packed.PlaneLayout;

/** How the row tiles of a layer are cut into chunks for the threads. */
final class RowChunks {

    /** Row tiles of a chunk of several tokens where each row group has its own tables. */
    static final int ROW_TILES = 8;

    /** Chunks of several tokens that a thread takes at a time: long streams of codes. */
    static final int TOGETHER = 16;

    /** Row tiles that one token's streams divide among them: long, yet not so far apart that memory gets slower. */
    private static final int SPAN_TILES = 32;

    /** Pieces of the most streams that each thread has at least. */
    private static final int PIECES_PER_THREAD = 4;

    private RowChunks() {}

    /** Row tiles that share their tables: all of the layer, or those of a row group. */
    static int tilesPerRowGroup(PackedLinear packed) {
        return packed.planes().layout().groupTiles();
    }

    /**
     * Row tiles that one token goes through at a time: as many as vector registers suffice for, fewer where threads
     * would go without work, and of the few tiles of a row group, whose planes go in pairs.
     */
    static int streams(PackedLinear packed, KernelContext context) {
        PlaneLayout layout = packed.planes().layout();
        int most = context.kernel().rows().streams();
        boolean few = layout.rowTiles() < PIECES_PER_THREAD * context.threads() * most;
        boolean ofRowGroup = packed.scales().rowGroups() > 1;
        return few || ofRowGroup ? Math.min(RowLookUp.STREAMS, most) : most;
    }

    /** Row tiles of a chunk; a row group's last one may have fewer. */
    static int tiles(PackedLinear packed, int tokens, int streams) {
        boolean shared = packed.scales().rowGroups() == 1;
        if (tokens > 1) {
            return shared ? RowLookUp.PAIR : ROW_TILES;
        }
        return shared ? RowLookUp.STREAMS : streams;
    }

    /** Chunks that a thread takes at a time, while there are enough of them. */
    static int together(PackedLinear packed, int tokens, int streams) {
        return tokens > 1 ? TOGETHER : Math.max(streams / tiles(packed, 1, streams), 1);
    }

    /** Chunks of a row group. */
    static int perRowGroup(PackedLinear packed, int tokens, int streams) {
        return Math.ceilDiv(tilesPerRowGroup(packed), tiles(packed, tokens, streams));
    }

    /**
     * The row tile that comes {@code at}-th when one token goes through the {@code tiles} of a row group: streams are
     * equal shares of a span, and from piece to piece a thread goes on in them. What is left of a span comes in its
     * order.
     */
    static int tile(int tiles, int at, int streams) {
        int inSpan = at % SPAN_TILES;
        int share = share(tiles, at, streams);
        return inSpan / streams < share ? at - inSpan + inSpan % streams * share + inSpan / streams : at;
    }

    /** Tiles from a stream to the next in the piece that begins with the {@code at}-th tile. */
    static int apart(int tiles, int at, int streams) {
        int share = share(tiles, at, streams);
        return at % SPAN_TILES / streams < share ? share : 1;
    }

    /** Tiles of a stream in the span of the {@code at}-th tile. */
    private static int share(int tiles, int at, int streams) {
        return Math.min(tiles - at / SPAN_TILES * SPAN_TILES, SPAN_TILES) / streams;
    }
}
