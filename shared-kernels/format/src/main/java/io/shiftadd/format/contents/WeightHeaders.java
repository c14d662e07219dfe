package io.shiftadd.format.contents;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.MappedFile;
import io.shiftadd.format.gguf.GgufFile;
import io.shiftadd.format.safetensors.SafetensorsFile;
import io.shiftadd.format.torch.TorchArchive;
import io.shiftadd.format.torch.TorchArchive.Extent;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * Copies of weight files that have their headers alone: of the same length, with zeros for weights, which take no room
 * on disk. A model that is made of them can be opened, and so be refused, before its weights are fetched.
 */
public final class WeightHeaders {

    private static final int FIRST_BYTES = 4 << 20;
    private static final long MOST_BYTES = 128 << 20;
    private static final int TAIL_BYTES = 128 << 10;
    private static final int MOST_AT_ONCE = 16 << 20;

    private final Source source;
    private final String name;
    private final FileChannel target;

    /** A weight file that lies elsewhere. */
    public interface Source {

        long size();

        /** Exactly {@code count} bytes from {@code from} on. */
        byte[] read(long from, int count) throws IOException;
    }

    private WeightHeaders(Source source, String name, FileChannel target) {
        this.source = source;
        this.name = name;
        this.target = target;
    }

    /**
     * Makes a copy of the headers of a safetensors, GGUF or PyTorch file.
     *
     * @param target its name says of which kind it is
     * @throws FormatException when the file has no such header
     * @throws IOException when it cannot be read, or the copy not be written
     */
    public static void copy(Source source, Path target) throws IOException {
        String name = String.valueOf(target.getFileName());
        try (FileChannel channel = FileChannel.open(
                target, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            WeightHeaders headers = new WeightHeaders(source, name, channel);
            if (name.endsWith(".gguf")) {
                headers.gguf(target);
            } else if (name.endsWith(".bin")) {
                headers.torch();
            } else {
                headers.safetensors();
            }
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(target);
            throw e;
        }
    }

    private void safetensors() throws IOException {
        int first = (int) Math.min(source.size(), FIRST_BYTES / 16);
        copy(0, first);
        long header = first < Long.BYTES
                ? 0
                : ByteBuffer.wrap(source.read(0, Long.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong();
        if (header >= 0 && header <= SafetensorsFile.MAX_HEADER_BYTES && header <= source.size() - Long.BYTES) {
            copy(first, Long.BYTES + header);
        }
        stretch();
    }

    /** How long the header is shows when it has been read. */
    private void gguf(Path file) throws IOException {
        long present = 0;
        long wanted = Math.min(source.size(), FIRST_BYTES);
        while (true) {
            copy(present, wanted);
            present = wanted;
            try (MappedFile beginning = MappedFile.open(file)) {
                OptionalLong end = GgufFile.headerEnd(beginning);
                if (end.isPresent() || present == source.size()) {
                    break;
                }
            }
            if (present >= MOST_BYTES) {
                throw new FormatException(
                        "has a header of more than " + MOST_BYTES + " bytes",
                        name,
                        "the largest vocabularies take a tenth of that",
                        "Get the model from elsewhere.");
            }
            wanted = Math.min(source.size(), 2 * present);
        }
        stretch();
    }

    /** The list of records is at the end, the pickle anywhere. */
    private void torch() throws IOException {
        stretch();
        long tail = Math.max(0, source.size() - TAIL_BYTES);
        copy(tail, source.size());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = target.map(FileChannel.MapMode.READ_WRITE, 0, target.size(), arena);
            Extent list = TorchArchive.list(bytes, name);
            if (list.end() - list.begin() > MOST_BYTES) {
                throw new FormatException(
                        "has a list of records of " + (list.end() - list.begin()) + " bytes",
                        name,
                        "the limit is " + MOST_BYTES,
                        "Get the model's safetensors files.");
            }
            copy(list.begin(), Math.min(list.end(), tail));
            for (Extent extent : TorchArchive.descriptions(bytes, name)) {
                copy(extent.begin(), extent.end());
            }
            TorchArchive.completeHeaders(bytes, name);
        }
    }

    private void stretch() throws IOException {
        if (target.size() < source.size()) {
            target.write(ByteBuffer.allocate(1), source.size() - 1);
        }
    }

    private void copy(long from, long end) throws IOException {
        for (long at = from; at < end; ) {
            int count = (int) Math.min(MOST_AT_ONCE, end - at);
            ByteBuffer bytes = ByteBuffer.wrap(source.read(at, count));
            while (bytes.hasRemaining()) {
                at += target.write(bytes, at);
            }
        }
    }
}
