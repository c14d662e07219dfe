package io.shiftadd.inference.prefix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A page in a file of its own: {@link #HEAD} bytes with eight of magic, the page's name and the CRC-32C of what
 * follows, then keys and values. Little-endian.
 */
final class PageFile {

    static final int HEAD = 8 + 64 + 8;

    private static final String SUFFIX = ".kv";
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}\\" + SUFFIX);
    private static final byte[] MAGIC = "SAPAGE01".getBytes(StandardCharsets.US_ASCII);

    private PageFile() {}

    static boolean isOne(Path file) {
        return NAME.matcher(file.getFileName().toString()).matches();
    }

    static String name(Path file) {
        String whole = file.getFileName().toString();
        return whole.substring(0, whole.length() - SUFFIX.length());
    }

    static Path in(Path directory, String name) {
        return directory.resolve(name + SUFFIX);
    }

    /** What a page is written into, and read from: its content begins at {@link #HEAD}. */
    static ByteBuffer buffer(int pageBytes) {
        return ByteBuffer.allocate(HEAD + pageBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Writes it aside, and puts it into its place when it is whole. It is not synced: what a power cut leaves does not
     * have its checksum.
     */
    static void write(Path directory, String name, ByteBuffer page) throws IOException {
        CRC32C checksum = new CRC32C();
        checksum.update(page.array(), HEAD, page.capacity() - HEAD);
        page.clear().put(MAGIC).put(name.getBytes(StandardCharsets.US_ASCII)).putLong(checksum.getValue());
        Path aside = Files.createTempFile(directory, "page", ".part");
        try {
            try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                page.clear();
                while (page.hasRemaining()) {
                    channel.write(page);
                }
            }
            Files.move(aside, in(directory, name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    /**
     * Reads it.
     *
     * @param page filled, its position at the content
     * @throws IOException when the file is not what was written under this name
     */
    static void read(Path directory, String name, ByteBuffer page) throws IOException {
        Path file = in(directory, name);
        page.clear();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != page.capacity()) {
                throw new IOException(file + " has " + channel.size() + " bytes, not " + page.capacity());
            }
            while (page.hasRemaining()) {
                if (channel.read(page) < 0) {
                    throw new IOException(file + " ends at byte " + page.position());
                }
            }
        }
        CRC32C checksum = new CRC32C();
        checksum.update(page.array(), HEAD, page.capacity() - HEAD);
        page.clear();
        byte[] magic = new byte[MAGIC.length];
        byte[] named = new byte[name.length()];
        page.get(magic).get(named);
        boolean own = new String(magic, StandardCharsets.US_ASCII).equals(new String(MAGIC, StandardCharsets.US_ASCII))
                && new String(named, StandardCharsets.US_ASCII).equals(name);
        if (!own || page.getLong() != checksum.getValue()) {
            throw new IOException(file + " is damaged");
        }
    }
}
