package io.shiftadd.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * The server's own programs (initdb, pg_ctl, postgres): unpacked once from the archive on the class path into a folder
 * that its digest names, so that another version never meets them.
 */
final class ServerPrograms {

    private static final int DIGEST_CHARACTERS = 12;
    private static final int EXECUTABLE = 0100;

    private ServerPrograms() {}

    /** The folder with the programs, below {@code parent}; unpacks them when they are not there yet. */
    static Path unpackedBelow(Path parent) throws IOException {
        String archive = archiveOfThisMachine();
        Path folder = parent.resolve("postgresql-" + digest(archive));
        if (Files.isDirectory(folder)) {
            return folder.resolve("bin");
        }
        Files.createDirectories(parent);
        Path half = Files.createTempDirectory(parent, "unpacking-");
        try (InputStream in = open(archive)) {
            unpack(in, half);
            Files.move(half, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            DirectoryTree.delete(half);
            if (!Files.isDirectory(folder)) {
                throw e;
            }
            // Somebody else was faster; theirs are the same.
        }
        return folder.resolve("bin");
    }

    private static void unpack(InputStream archive, Path folder) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
            TarArchiveEntry entry;
            while ((entry = tar.getNextEntry()) != null) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("the archive of PostgreSQL names a file outside of it: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, target);
                    makeExecutable(target, entry.getMode());
                }
            }
        }
    }

    private static void makeExecutable(Path file, int mode) throws IOException {
        if ((mode & EXECUTABLE) != 0 && !file.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make " + file + " executable; is its file system mounted noexec?");
        }
    }

    private static String digest(String archive) throws IOException {
        try (InputStream in = open(archive)) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, sha256).transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(sha256.digest()).substring(0, DIGEST_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static InputStream open(String archive) {
        @Nullable InputStream in = ServerPrograms.class.getResourceAsStream(archive);
        if (in == null) {
            throw new PostgresException(
                    "no PostgreSQL for this machine on the class path (%s); build with the Maven profile of this platform, or point SPRING_DATASOURCE_URL to a server of your own"
                            .formatted(archive));
        }
        return in;
    }

    private static String archiveOfThisMachine() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String architecture = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm_64";
            case String other -> other;
        };
        return "/postgres-%s-%s.txz".formatted(system, architecture);
    }
}
