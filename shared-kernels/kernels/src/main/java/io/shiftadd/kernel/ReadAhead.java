package io.shiftadd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.shiftadd.kernel.RowChunks.CodeStreams;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first weights that each thread will read in a pass of one token. Between two passes, while norms are computed or
 * other threads finish, memory would be idle: a thread that waits reads them into its cache.
 *
 * <p>Nothing but time depends on it. What comes next is taken to be what came next the last time.
 */
final class ReadAhead {

    /** Of a thread's part: what it reads until then may not push it out of a second-level cache. */
    private static final int BYTES = 256 * 1024;

    /** Of a stream, between two looks at whether the thread still has to wait. */
    private static final int STEP_BYTES = 256;

    private static final int LINE_BYTES = 64;

    /** Ints between the counters of two threads: two cache lines. */
    private static final int STRIDE = 32;

    private final CodeStreams[] parts;
    private @Nullable ReadAhead next;

    /** How far each thread is in each of its streams. */
    private final int[] done;

    /** Where what was read goes to, so that the compiler does not leave it out. */
    private byte sink;

    /** @param layers of the pass, in their order; all packed */
    ReadAhead(List<PackedLinear> layers, KernelContext context) {
        int threads = context.threads();
        parts = new CodeStreams[threads];
        done = new int[threads * STRIDE];
        int chunks = 0;
        for (PackedLinear layer : layers) {
            chunks += chunks(layer, context);
        }
        for (int p = 0; p < threads; p++) {
            parts[p] = streams(layers, (int) ((long) chunks * p / threads), context);
        }
    }

    private static int chunks(PackedLinear layer, KernelContext context) {
        return layer.scales().rowGroups() * RowChunks.perRowGroup(layer, 1, RowChunks.streams(layer, context));
    }

    private static CodeStreams streams(List<PackedLinear> layers, int chunkOfPass, KernelContext context) {
        int chunk = chunkOfPass;
        for (PackedLinear layer : layers) {
            int chunks = chunks(layer, context);
            if (chunk < chunks) {
                return RowChunks.streams(layer, chunk, RowChunks.streams(layer, context));
            }
            chunk -= chunks;
        }
        // More threads than chunks.
        return RowChunks.streams(layers.getFirst(), 0, RowChunks.streams(layers.getFirst(), context));
    }

    /** The pass that followed this one the last time. */
    @Nullable
    ReadAhead next() {
        return next;
    }

    /** Tells what follows; nothing of it has been read yet. */
    void followedBy(ReadAhead pass) {
        next = pass;
    }

    /** To be called before threads begin to read. */
    void restart() {
        for (int at = 0; at < done.length; at += STRIDE) {
            done[at] = 0;
        }
    }

    /** Reads a little further in a thread's streams; whether there was something left. */
    boolean read(int participant) {
        int from = done[participant * STRIDE];
        CodeStreams part = parts[participant];
        if (from >= BYTES / part.count()) {
            return false;
        }
        MemorySegment data = part.data();
        byte read = 0;
        for (int stream = 0; stream < part.count(); stream++) {
            long begin = part.offset() + stream * part.stride() + from;
            long end = Math.min(begin + STEP_BYTES, data.byteSize());
            for (long at = begin; at < end; at += LINE_BYTES) {
                read ^= data.get(JAVA_BYTE, at);
            }
        }
        sink = read;
        done[participant * STRIDE] = from + STEP_BYTES;
        return true;
    }
}
