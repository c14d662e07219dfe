package io.shiftadd.kernel;

import java.lang.foreign.MemorySegment;

/** How the row tiles of a layer are cut into chunks for the threads. */
final class RowChunks {

    /** Row tiles of a chunk of several tokens where each row group has its own tables. */
    static final int ROW_TILES = 8;

    /** Chunks of several tokens that a thread takes at a time: long streams of codes. */
    static final int TOGETHER = 16;

    /** Row tiles that one token's streams divide among them: long, yet not so far apart that memory gets slower. */
    private static final int SPAN_TILES = 32;

    /** Chunks that each thread has at least before chunks get larger. */
    private static final int CHUNKS_PER_THREAD = 4;

    private RowChunks() {}

    /** Row tiles that share their tables: all of the layer, or those of a row group. */
    static int tilesPerRowGroup(PackedLinear packed) {
        return packed.scales().rowGroups() == 1
                ? packed.planes().layout().rowTiles()
                : packed.scales().rowsPerGroup() / packed.planes().layout().tileRows();
    }

    /** Streams of codes of one token, which are the row tiles of a chunk: fewer where threads would go without chunks. */
    static int streams(PackedLinear packed, KernelContext context) {
        int most = context.kernel().rows().streams();
        return packed.planes().layout().rowTiles() >= CHUNKS_PER_THREAD * context.threads() * most
                ? most
                : TileSums.TILES;
    }

    /** Chunks of a row group for so many tokens. */
    static int perRowGroup(PackedLinear packed, int tokens, int streams) {
        return Math.ceilDiv(tilesPerRowGroup(packed), chunkTiles(packed, tokens, streams));
    }

    private static int chunkTiles(PackedLinear packed, int tokens, int streams) {
        if (tokens == 1) {
            return streams;
        }
        return packed.scales().rowGroups() == 1 ? TokenSums.PAIR : ROW_TILES;
    }

    /** Where the streams of codes begin that a chunk of a layer's rows reads for one token. */
    static CodeStreams streams(PackedLinear packed, int chunk, int streams) {
        int perGroup = perRowGroup(packed, 1, streams);
        int first = chunk / perGroup * tilesPerRowGroup(packed);
        int tiles = Math.min(tilesPerRowGroup(packed), packed.planes().layout().rowTiles() - first);
        int part = chunk % perGroup;
        int stride = stride(tiles, part, streams);
        PackedPlanes planes = packed.planes();
        int tile = first + span(part, streams) + Math.min(inSpan(part, streams), Math.max(stride - 1, 0));
        return new CodeStreams(planes.data(), planes.tileOffset(tile, 0), stride * planes.rowTileBytes(), streams);
    }

    /** Tiles of a row group before the span that a part of one token belongs to. */
    static int span(int part, int streams) {
        return part * streams / SPAN_TILES * SPAN_TILES;
    }

    /** Number of a part of one token within its span. */
    static int inSpan(int part, int streams) {
        return part % (SPAN_TILES / streams);
    }

    /** Tiles from a stream to the next within the span of a part: an equal share of what the row group has there. */
    static int stride(int tiles, int part, int streams) {
        return Math.clamp(tiles - span(part, streams), 0, SPAN_TILES) / streams;
    }

    /** {@code count} streams, {@code stride} bytes apart. */
    record CodeStreams(MemorySegment data, long offset, long stride, int count) {}
}
