package io.shiftadd.format.contents;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.contents.WeightRanges.WeightRange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Reads a file once, from its first byte to its last: for its SHA-256, and on the way for weights that are not finite.
 * Holds a megabyte of it at a time.
 */
final class ContentReader {

    private static final int BUFFER = 1 << 20;

    private final Path file;
    private final List<WeightRange> ranges;
    private final ModelContents.Progress progress;
    private final MessageDigest digest = Sha256.newDigest();
    private final byte[] buffer = new byte[BUFFER];
    private final List<NotFiniteWeight> notFinite = new ArrayList<>();
    private long position;
    private String sha256 = "";

    ContentReader(Path file, List<WeightRange> ranges, ModelContents.Progress progress) {
        this.file = file;
        this.ranges = ranges;
        this.progress = progress;
    }

    void read() {
        try (InputStream in = Files.newInputStream(file)) {
            for (WeightRange range : ranges) {
                pass(in, range.begin());
                scan(in, range);
            }
            pass(in, Long.MAX_VALUE);
        } catch (EOFException e) {
            throw new FormatException(
                    "got shorter while it was read",
                    file.toString(),
                    "files of a model must stay as they are",
                    "Put the whole file back, then try again.",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        sha256 = HexFormat.of().formatHex(digest.digest());
    }

    /** What lies between the tensors; until the end of the file, if {@code end} is beyond it. */
    private void pass(InputStream in, long end) throws IOException {
        while (position < end) {
            int read = in.readNBytes(buffer, 0, (int) Math.min(BUFFER, end - position));
            take(read);
            if (read == 0) {
                if (end == Long.MAX_VALUE) {
                    return;
                }
                throw new EOFException();
            }
        }
    }

    private void scan(InputStream in, WeightRange range) throws IOException {
        WeightScan scan = range.scan();
        int whole = BUFFER / scan.unitBytes() * scan.unitBytes();
        boolean found = false;
        for (long element = 0; position < range.end(); ) {
            int wanted = (int) Math.min(whole, range.end() - position);
            if (in.readNBytes(buffer, 0, wanted) < wanted) {
                throw new EOFException();
            }
            take(wanted);
            if (!found) {
                long before = element;
                Optional<WeightScan.Found> first = scan.first(buffer, wanted);
                first.ifPresent(one -> range.names()
                        .forEach(name -> notFinite.add(new NotFiniteWeight(
                                file.toString(), name, range.shape(), before + one.index(), one.value()))));
                found = first.isPresent();
            }
            element += (long) wanted / scan.unitBytes() * scan.unitElements();
        }
    }

    private void take(int count) {
        digest.update(buffer, 0, count);
        position += count;
        progress.read(count);
    }

    long sizeBytes() {
        return position;
    }

    String sha256() {
        return sha256;
    }

    List<NotFiniteWeight> notFinite() {
        return notFinite;
    }
}
