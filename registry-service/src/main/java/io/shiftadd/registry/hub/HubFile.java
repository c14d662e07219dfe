package io.shiftadd.registry.hub;

import io.shiftadd.registry.storage.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file of a repository.
 *
 * @param path within the repository
 * @param id SHA-256 of large files; what Git calls the others by, SHA-1 of a short head and the content
 */
record HubFile(String path, long size, String id) {

    private static final int SHA256_DIGITS = 64;

    /** Without the folder. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    boolean isInFolder() {
        return path.indexOf('/') >= 0;
    }

    /** A digest that becomes {@link #id} when all of the content is added. */
    MessageDigest newDigest() {
        MessageDigest digest = algorithm();
        begin(digest);
        return digest;
    }

    /** Forgets what was added to a digest. */
    void begin(MessageDigest digest) {
        digest.reset();
        if (id.length() != SHA256_DIGITS) {
            digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
        }
    }

    private MessageDigest algorithm() {
        if (id.length() == SHA256_DIGITS) {
            return FileDigest.sha256Digest();
        }
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-1", e);
        }
    }

    boolean matches(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest()).equals(id);
    }

    /** Whether a file on disk is this one. */
    boolean isAt(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) != size) {
            return false;
        }
        MessageDigest digest = newDigest();
        addTo(digest, file);
        return matches(digest);
    }

    static void addTo(MessageDigest digest, Path file) throws IOException {
        byte[] buffer = new byte[1 << 20];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
                if (Thread.currentThread().isInterrupted()) {
                    throw new IOException("interrupted while " + file + " was checked");
                }
            }
        }
    }
}
