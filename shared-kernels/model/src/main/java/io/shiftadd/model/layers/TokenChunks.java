package io.shiftadd.model.layers;

import io.shiftadd.kernel.KernelContext;

/** Division of per-token work into chunks of about the same number of elements. */
public final class TokenChunks {

    /** Elements of a chunk: some microseconds of work, worth handing to another thread. */
    private static final int ELEMENTS = 1 << 13;

    private TokenChunks() {}

    /** Runs {@code task} over all tokens; at once on the calling thread when there is little to do. */
    public static void run(int tokens, int width, KernelContext context, KernelContext.ChunkTask task) {
        int chunks = Math.ceilDiv(tokens, perChunk(width));
        if (chunks <= 1) {
            task.run(0, 0);
        } else {
            context.parallelFor(chunks, task);
        }
    }

    public static int begin(int chunk, int width) {
        return chunk * perChunk(width);
    }

    public static int end(int chunk, int tokens, int width) {
        return Math.min(tokens, (chunk + 1) * perChunk(width));
    }

    private static int perChunk(int width) {
        return Math.max(1, ELEMENTS / width);
    }
}
