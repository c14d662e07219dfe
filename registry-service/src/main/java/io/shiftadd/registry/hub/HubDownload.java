package io.shiftadd.registry.hub;

import io.shiftadd.registry.hub.HubClient.Range;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * Fetches one file. What has come so far is kept in {@code <file>.part}, and the next attempt asks for the rest; a file
 * bears its own name only when it is complete, on disk, and has the digest that the listing names.
 */
record HubDownload(HubClient client, URI source, URI page, HubFile file, Path target) {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    /**
     * @throws HubException when another attempt would not help
     * @throws IOException when one would
     */
    void fetch(ImportProgress progress) throws IOException, InterruptedException {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        long present = Files.exists(part) ? Files.size(part) : 0;
        if (present > file.size()) {
            Files.delete(part);
            present = 0;
        }
        MessageDigest digest = file.newDigest();
        if (present > 0) {
            HubFile.addTo(digest, part);
        }
        progress.enter(file.path(), present);
        if (present < file.size() || file.size() == 0) {
            receive(part, present, digest, progress);
        }
        if (!file.matches(digest)) {
            Files.delete(part);
            throw new IOException(source + " came with another content than the server announces (" + file.id() + ")");
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void receive(Path part, long from, MessageDigest digest, ImportProgress progress)
            throws IOException, InterruptedException {
        Range range = from > 0 ? new Range(from, file.size() - from) : null;
        try (HubAnswer answer = client.get(source, page, range)) {
            if (answer.status() == RANGE_NOT_SATISFIABLE) {
                Files.deleteIfExists(part);
                throw new IOException(source + " has no bytes from " + from + " on");
            }
            answer.requireSuccess();
            long begin = from;
            if (answer.status() == HubAnswer.PARTIAL) {
                answer.requireRange(from, file.size());
            } else if (from > 0) {
                begin = 0;
                file.begin(digest);
                progress.enter(file.path(), 0);
            }
            long announced = answer.length().orElse(file.size() - begin);
            if (announced != file.size() - begin) {
                throw new HubException(source + " was answered with " + announced + " bytes; the server's listing says "
                        + (file.size() - begin));
            }
            write(answer, part, begin, digest, progress);
        }
    }

    private void write(HubAnswer answer, Path part, long from, MessageDigest digest, ImportProgress progress)
            throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(from).position(from);
            OutputStream out = Channels.newOutputStream(channel);
            byte[] buffer = new byte[BUFFER_BYTES];
            long present = from;
            for (int count = answer.body().read(buffer);
                    count >= 0;
                    count = answer.body().read(buffer)) {
                present += count;
                if (present > file.size()) {
                    throw new HubException(source + " sent more than the " + file.size() + " bytes of its listing");
                }
                out.write(buffer, 0, count);
                digest.update(buffer, 0, count);
                progress.add(count);
            }
            channel.force(true);
            if (present < file.size()) {
                throw new IOException(source + " broke off at byte " + present + " of " + file.size());
            }
        }
    }
}
