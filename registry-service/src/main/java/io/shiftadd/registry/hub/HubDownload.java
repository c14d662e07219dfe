package io.shiftadd.registry.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one file. What has come so far is kept in {@code <file>.part} and its version (ETag) beside it, so that the
 * next attempt asks for the rest by Range; a file bears its own name only when it is complete and on disk.
 *
 * @param timeout how long the server may be silent
 */
record HubDownload(URI source, Path target, Duration timeout) {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    /** @param total bytes of the whole file, as the server announces them; -1 when it does not */
    interface Progress {
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
        long present = Files.exists(part) && Files.exists(version) ? Files.size(part) : 0;
        HttpURLConnection connection = connect(present, present > 0 ? Files.readString(version) : null);
        try {
            int status = connection.getResponseCode();
            switch (status) {
                case HttpURLConnection.HTTP_PARTIAL -> {}
                case HttpURLConnection.HTTP_OK -> present = 0;
                case HttpURLConnection.HTTP_NOT_FOUND -> {
                    return false;
                }
                case RANGE_NOT_SATISFIABLE -> {
                    Files.deleteIfExists(part);
                    throw new IOException(source + " has changed since its download began");
                }
                default -> throw refusal(status, connection);
            }
            remember(version, connection.getHeaderField("ETag"));
            long length = connection.getContentLengthLong();
            long total = length < 0 ? -1 : present + length;
            progress.begun(present, total);
            receive(connection, part, present, progress.more());
            if (total >= 0 && Files.size(part) != total) {
                throw new IOException(source + " broke off at byte " + Files.size(part) + " of " + total);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.deleteIfExists(version);
            return true;
        } finally {
            connection.disconnect();
        }
    }

    private HttpURLConnection connect(long present, @Nullable String version) throws IOException {
        URLConnection opened = source.toURL().openConnection();
        if (!(opened instanceof HttpURLConnection connection)) {
            throw new HubException("shiftadd.hub.base-url has to begin with http:// or https://");
        }
        connection.setConnectTimeout((int) timeout.toMillis());
        connection.setReadTimeout((int) timeout.toMillis());
        // a redirect could lead anywhere, also into this machine's own network
        connection.setInstanceFollowRedirects(false);
        connection.setRequestProperty("Accept-Encoding", "identity");
        if (present > 0 && version != null) {
            connection.setRequestProperty("Range", "bytes=" + present + "-");
            connection.setRequestProperty("If-Range", version);
        }
        return connection;
    }

    private IOException refusal(int status, HttpURLConnection connection) {
        if (status / 100 == 3) {
            return new HubException(
                    source + " is redirected to " + connection.getHeaderField("Location")
                            + "; files are fetched from shiftadd.hub.base-url only. Configure a server that has the files itself");
        }
        String message = source + " was answered with status " + status;
        return status / 100 == 4 ? new HubException(message) : new IOException(message);
    }

    /** Without a strong version a rest cannot be trusted to fit: then the next attempt begins anew. */
    private static void remember(Path version, @Nullable String tag) throws IOException {
        if (tag != null && !tag.startsWith("W/")) {
            Files.writeString(version, tag);
        } else {
            Files.deleteIfExists(version);
        }
    }

    private static void receive(HttpURLConnection connection, Path part, long from, LongConsumer more)
            throws IOException {
        try (FileChannel file = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                InputStream in = connection.getInputStream()) {
            file.truncate(from).position(from);
            OutputStream out = Channels.newOutputStream(file);
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                more.accept(count);
            }
            file.force(true);
        }
    }

    private Path sibling(String ending) {
        return target.resolveSibling(target.getFileName() + ending);
    }
}
