package io.shiftadd.quantize.calibration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Activations of all calibration tokens in a mapped file: {@code [tokens, width]} floats, row-major, native byte order.
 * The operating system keeps in memory what fits and spills the rest. Few, short-lived ones need no file.
 */
public final class HiddenStates implements AutoCloseable {

    private final int width;
    private final Arena arena;
    private final MemorySegment data;

    private HiddenStates(int width, Arena arena, MemorySegment data) {
        this.width = width;
        this.arena = arena;
        this.data = data;
    }

    /**
     * A file to be written before it is read; takes the place of one of the same name, whose room it uses again: the
     * pages of a new file cost more than what is written to them.
     */
    static HiddenStates create(Path file, long tokens, int width) {
        return map(
                file,
                tokens,
                width,
                FileChannel.MapMode.READ_WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    /** Memory outside the heap, for values that are gone when it is closed. */
    static HiddenStates inMemory(long tokens, int width) {
        long bytes = Math.multiplyExact(Math.multiplyExact(tokens, width), (long) Float.BYTES);
        Arena arena = Arena.ofShared();
        return new HiddenStates(width, arena, arena.allocate(bytes, Long.BYTES));
    }

    /** An existing file, for reading. */
    static HiddenStates open(Path file, long tokens, int width) {
        return map(file, tokens, width, FileChannel.MapMode.READ_ONLY, StandardOpenOption.READ);
    }

    private static HiddenStates map(
            Path file, long tokens, int width, FileChannel.MapMode mode, StandardOpenOption... options) {
        long bytes = Math.multiplyExact(Math.multiplyExact(tokens, width), (long) Float.BYTES);
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, options)) {
            if (mode == FileChannel.MapMode.READ_ONLY && channel.size() != bytes) {
                throw new IOException(file + " has " + channel.size() + " bytes; " + tokens + " tokens of " + width
                        + " values take " + bytes + ". Calibrate again.");
            }
            if (mode == FileChannel.MapMode.READ_WRITE && channel.size() > bytes) {
                channel.truncate(bytes);
            }
            return new HiddenStates(width, arena, channel.map(mode, 0, bytes, arena));
        } catch (IOException e) {
            arena.close();
            throw new UncheckedIOException(e);
        }
    }

    /** Copies {@code count} tokens from {@code first} on to the beginning of {@code target}. */
    public void read(long first, int count, float[] target) {
        readNarrow(first, count, width, target);
    }

    /** Copies the first {@code count} tokens of {@code source} to {@code first} and on. */
    public void write(long first, int count, float[] source) {
        writeNarrow(first, count, width, source);
    }

    /** Reads what {@link #writeNarrow} has put at the same place. */
    public void readNarrow(long first, int count, int values, float[] target) {
        MemorySegment.copy(data, ValueLayout.JAVA_FLOAT, offset(first, values), target, 0, count * values);
    }

    /**
     * Uses the room of {@code count} tokens for as many of fewer values each, without gaps: one file serves for values
     * of several widths, one after another. What is written by one call must be read by one call.
     */
    public void writeNarrow(long first, int count, int values, float[] source) {
        MemorySegment.copy(source, 0, data, ValueLayout.JAVA_FLOAT, offset(first, values), count * values);
    }

    private long offset(long first, int values) {
        if (values > width) {
            throw new IllegalArgumentException(values + " values a token do not fit where there is room for " + width);
        }
        return first * width * Float.BYTES;
    }

    /** Makes sure that what was written survives the machine. */
    public void force() {
        data.force();
    }

    @Override
    public void close() {
        arena.close();
    }
}
