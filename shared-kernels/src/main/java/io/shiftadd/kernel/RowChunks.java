package io.shiftadd.kernel;

import java.lang.foreign.MemorySegment;

/** How the row tiles of a layer are cut into chunks for the threads. */
final class RowChunks {

    /** Row tiles of a chunk of several tokens where each row group has its own tables. */
    static final int ROW_TILES = 8;

    /** Chunks of several tokens that a thread takes at a time: long streams of codes. */
    static final int TOGETHER = 16;

    /** Row tiles whose quarters are the four streams of one token: long, yet not so far apart that memory gets slower. */
    private static final int SPAN_TILES = 32;

    /** Chunks of one token in a span. */
    static final int SPAN_CHUNKS = SPAN_TILES / TileSums.TILES;

    private RowChunks() {}

    /** Row tiles that share their tables: all of the layer, or those of a row group. */
    static int tilesPerRowGroup(PackedLinear packed) {
        return packed.scales().rowGroups() == 1
                ? packed.planes().layout().rowTiles()
                : packed.scales().rowsPerGroup() / PlaneLayout.TILE_ROWS;
    }

    /** Chunks of a row group for so many tokens. */
    static int perRowGroup(PackedLinear packed, int tokens) {
        return Math.ceilDiv(tilesPerRowGroup(packed), chunkTiles(packed, tokens));
    }

    private static int chunkTiles(PackedLinear packed, int tokens) {
        if (tokens == 1) {
            return TileSums.TILES;
        }
        return packed.scales().rowGroups() == 1 ? TileSums.PAIR : ROW_TILES;
    }

    /** Chunks of a layer's rows for so many tokens. */
    static int count(PackedLinear packed, int tokens) {
        return packed.scales().rowGroups() * perRowGroup(packed, tokens);
    }

    /** Where the four streams of codes of a chunk of one token begin. */
    static CodeStreams streams(PackedLinear packed, int chunk) {
        int perGroup = perRowGroup(packed, 1);
        int first = chunk / perGroup * tilesPerRowGroup(packed);
        int tiles = Math.min(tilesPerRowGroup(packed), packed.planes().layout().rowTiles() - first);
        int part = chunk % perGroup;
        int span = span(part);
        int quarter = quarter(tiles, span);
        PackedPlanes planes = packed.planes();
        int tile = first + span + Math.min(part % SPAN_CHUNKS, Math.max(quarter - 1, 0));
        return new CodeStreams(planes.data(), planes.tileOffset(tile, 0), quarter * planes.rowTileBytes());
    }

    /** Tiles of a row group before the span that a part of one token belongs to. */
    static int span(int part) {
        return part / SPAN_CHUNKS * SPAN_TILES;
    }

    /** A quarter of what a row group of so many tiles has in a span; none beyond its end. */
    static int quarter(int tiles, int span) {
        return Math.clamp(tiles - span, 0, SPAN_TILES) / TileSums.TILES;
    }

    /** {@link TileSums#TILES} streams, {@code stride} apart. */
    record CodeStreams(MemorySegment data, long offset, long stride) {}
}
