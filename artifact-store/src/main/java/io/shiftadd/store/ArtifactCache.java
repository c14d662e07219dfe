package io.shiftadd.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Local copies of artifacts in object storage: {@code <root>/<digest>}. A copy appears by one rename, when the manifest
 * has the SHA-256 that is its address and every file the SHA-256 that the manifest says; so that it may be mapped as it
 * is.
 */
public final class ArtifactCache {

    private static final String MANIFEST = "manifest.json";
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final String ARRIVING = ".arriving-";
    private static final int BUFFER = 1 << 20;

    /** Some thousand files. */
    private static final long MANIFEST_BYTES = 4 << 20;

    private final Path root;
    private final ObjectStore store;

    public ArtifactCache(Path root, ObjectStore store) {
        this.root = root;
        this.store = store;
    }

    /**
     * Where the artifact lies on this machine; brought here if it does not.
     *
     * @param location as {@link ObjectStore#location} gave it, ending with the digest
     * @throws IOException naming the object that is missing or not what it should be
     */
    public Path fetch(String location) throws IOException {
        String key = store.keyOf(location);
        String digest = key.substring(key.lastIndexOf('/') + 1);
        if (!DIGEST.matcher(digest).matches()) {
            throw new IOException(location + " does not end with the SHA-256 of an artifact");
        }
        Path target = root.resolve(digest);
        if (Files.isDirectory(target)) {
            return target;
        }
        Files.createDirectories(root);
        Path arriving = root.resolve(ARRIVING + digest + "-" + UUID.randomUUID());
        try {
            Files.createDirectory(arriving);
            download(key, digest, arriving);
            move(arriving, target);
        } finally {
            deleteTree(arriving);
        }
        return target;
    }

    /** Whether a directory of the cache is a copy that is not complete, or never was. */
    public static boolean isArriving(String name) {
        return name.startsWith(ARRIVING);
    }

    private void download(String key, String digest, Path arriving) throws IOException {
        Path manifest = arriving.resolve(MANIFEST);
        store.get(key + "/" + MANIFEST, manifest, MANIFEST_BYTES);
        require(key + "/" + MANIFEST, manifest, digest);
        JsonNode files =
                JsonMapper.shared().readTree(Files.readAllBytes(manifest)).path("files");
        for (JsonNode file : files) {
            String path = file.path("path").asString("");
            Path local = arriving.resolve(path).normalize();
            if (!local.startsWith(arriving) || local.equals(arriving)) {
                throw new IOException(key + "/" + MANIFEST + " names a file outside the artifact: " + path);
            }
            Files.createDirectories(local.getParent());
            // The manifest is what its address says, and so are the sizes in it.
            store.get(key + "/" + path, local, file.path("size").asLong(0));
            require(key + "/" + path, local, file.path("sha256").asString(""));
        }
        sync(arriving);
    }

    private static void require(String object, Path file, String sha256) throws IOException {
        String actual = sha256(file);
        if (!actual.equals(sha256)) {
            throw new IOException("object " + object + " has SHA-256 " + actual + ", not " + sha256
                    + ". It is damaged; publish the model again");
        }
        file.toFile().setReadOnly();
        sync(file);
    }

    /** Another process of this machine may have been faster: its copy is as good. */
    private static void move(Path arriving, Path target) throws IOException {
        try {
            Files.move(arriving, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException faster) {
            if (!Files.isDirectory(target)) {
                throw faster;
            }
        }
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
