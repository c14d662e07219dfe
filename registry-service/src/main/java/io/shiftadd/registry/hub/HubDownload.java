package io.shiftadd.registry.hub;

import io.shiftadd.registry.hub.HubSource.Rest;
import io.shiftadd.registry.storage.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one file. What has come so far is kept in {@code <file>.part} and its version (ETag) beside it, so that the
 * next attempt asks for the rest by Range; a file bears its own name only when it is complete, on disk, and what the
 * server says that it is.
 *
 * @param limit bytes that the file may have
 */
record HubDownload(HubSource server, URI source, Path target, long limit) {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    /** Hears how far the file is. */
    interface Progress {
        /** @param total bytes of the whole file, as the server announces them; -1 when it does not */
        void begun(long present, long total);

        LongConsumer more();
    }

    /**
     * @return whether the server has the file
     * @throws HubException when another attempt would not help
     * @throws IOException when one would
     */
    boolean fetch(Progress progress) throws IOException {
        Path part = sibling(".part");
        Path version = sibling(".etag");
        Rest rest = rest(part, version);
        try (HubAnswer answer = server.open("GET", source, rest)) {
            long present = rest == null ? 0 : rest.from();
            switch (answer.status()) {
                case HttpURLConnection.HTTP_PARTIAL -> requireContinuation(answer, present);
                case HttpURLConnection.HTTP_OK -> present = 0;
                case HttpURLConnection.HTTP_NOT_FOUND -> {
                    return false;
                }
                case RANGE_NOT_SATISFIABLE -> {
                    Files.deleteIfExists(part);
                    throw new IOException(source + " has changed since its download began");
                }
                default -> throw answer.refusal();
            }
            remember(version, answer.version());
            long total = answer.length() < 0 ? -1 : present + answer.length();
            requireWithinLimit(total);
            progress.begun(present, total);
            receive(answer, part, present, progress.more());
            if (total >= 0 && Files.size(part) != total) {
                throw new IOException(source + " broke off at byte " + Files.size(part) + " of " + total);
            }
            requireDigest(part, version, answer.sha256());
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.deleteIfExists(version);
            return true;
        }
    }

    private static @Nullable Rest rest(Path part, Path version) throws IOException {
        long present = Files.exists(part) && Files.exists(version) ? Files.size(part) : 0;
        return present > 0 ? new Rest(present, Files.readString(version)) : null;
    }

    private void requireContinuation(HubAnswer answer, long present) throws IOException {
        String range = String.valueOf(answer.connection().getHeaderField("Content-Range"));
        if (!range.startsWith("bytes " + present + "-")) {
            Files.deleteIfExists(sibling(".part"));
            throw new IOException(
                    source + " was answered with the range '" + range + "' when asked from byte " + present);
        }
    }

    private void requireWithinLimit(long bytes) throws IOException {
        if (bytes > limit) {
            Files.deleteIfExists(sibling(".part"));
            throw new HubException(source + " has " + bytes + " bytes; the limit here is " + limit
                    + " (shiftadd.hub.max-model-size for weights, shiftadd.hub.max-text-size for other files)");
        }
        long room = Files.getFileStore(target.getParent()).getUsableSpace();
        if (bytes > 0 && bytes - sizeOfPart() > room) {
            throw new HubException("There is no room for " + source + ": it has " + bytes + " bytes, " + room
                    + " are free in " + target.getParent() + ". Make room, then import it again");
        }
    }

    private long sizeOfPart() throws IOException {
        Path part = sibling(".part");
        return Files.exists(part) ? Files.size(part) : 0;
    }

    /** A file that is not what the server says is fetched once more from the beginning. */
    private void requireDigest(Path part, Path version, @Nullable String expected) throws IOException {
        if (expected == null) {
            return;
        }
        String actual = FileDigest.of(part).sha256();
        if (!actual.equals(expected)) {
            Files.delete(part);
            Files.deleteIfExists(version);
            throw new IOException(source + " came with SHA-256 " + actual + ", but the server announces " + expected);
        }
    }

    private static void remember(Path version, @Nullable String tag) throws IOException {
        if (tag != null) {
            Files.writeString(version, tag);
        } else {
            Files.deleteIfExists(version);
        }
    }

    private void receive(HubAnswer answer, Path part, long from, LongConsumer more) throws IOException {
        try (FileChannel file = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                InputStream in = answer.connection().getInputStream()) {
            file.truncate(from).position(from);
            OutputStream out = Channels.newOutputStream(file);
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                more.accept(count);
                if (file.position() > limit) {
                    // announced nothing, or something else
                    requireWithinLimit(file.position());
                }
            }
            file.force(true);
        } catch (HubException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(source + " broke off at byte " + sizeOfPart() + ": " + e.getMessage(), e);
        }
    }

    private Path sibling(String ending) {
        return target.resolveSibling(target.getFileName() + ending);
    }
}
