package io.shiftadd.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extracts the tokenizers library from DJL's jar, once for each user and version, and loads it. DJL's own loader is not
 * used: it looks for GPUs, and downloads a library when it finds one.
 */
final class NativeLibrary {

    /** System property: the directory to extract native libraries to. */
    static final String CACHE_PROPERTY = "shiftadd.native-cache";

    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

    private static final String RESOURCES = "native/lib/";

    private NativeLibrary() {}

    static TokenizersLibrary load() {
        return Loaded.LIBRARY;
    }

    /** Loads at first use; the class initializer makes that happen once. */
    private static final class Loaded {
        static final TokenizersLibrary LIBRARY = loadOnce();
    }

    private static TokenizersLibrary loadOnce() {
        String file = System.mapLibraryName("tokenizers");
        URL resource = TokenizersLibrary.class.getClassLoader().getResource(RESOURCES + platform() + "/cpu/" + file);
        if (resource == null) {
            throw new IllegalStateException("the tokenizers library is not built for " + platform()
                    + "; it is for Linux on x86-64 and arm64, and macOS on arm64");
        }
        Path directory = cacheDirectory();
        try {
            Path library = extract(resource, directory, version() + "-" + platform() + "-" + file);
            // Found by the natives of TokenizersLibrary because one class loader defines both.
            System.load(library.toString());
            LOG.info("loaded the tokenizers library {} from {}", version(), library);
        } catch (IOException | UnsatisfiedLinkError e) {
            throw new IllegalStateException(
                    "the tokenizers library cannot be extracted to " + directory
                            + " and loaded from there; set the system" + " property " + CACHE_PROPERTY
                            + " to a directory that is writable and allows execution",
                    e);
        }
        return TokenizersLibrary.LIB;
    }

    private static Path extract(URL resource, Path directory, String name) throws IOException {
        Path library = directory.resolve(name).toAbsolutePath();
        long size = resource.openConnection().getContentLengthLong();
        if (!Files.exists(library) || Files.size(library) != size) {
            Path temporary = directory.resolve(name + "." + UUID.randomUUID());
            try (InputStream in = resource.openStream()) {
                Files.copy(in, temporary);
                Files.move(temporary, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        }
        return library;
    }

    private static Path cacheDirectory() {
        String configured = System.getProperty(CACHE_PROPERTY);
        Path directory = configured != null
                ? Path.of(configured)
                : Path.of(System.getProperty("user.home", "."), ".cache", "shiftadd");
        try {
            Files.createDirectories(directory);
            if (configured != null || Files.isWritable(directory)) {
                return directory;
            }
        } catch (IOException e) {
            if (configured != null) {
                throw new UncheckedIOException(CACHE_PROPERTY + " cannot be created at " + directory, e);
            }
        }
        return privateDirectory();
    }

    /** A new one each time: in a directory that all share, others could put a library of their own in place. */
    private static Path privateDirectory() {
        try {
            Path directory = Files.createTempDirectory("shiftadd");
            deleteAtExit(directory);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "neither the home directory nor the temporary one is writable; set the system property "
                            + CACHE_PROPERTY + " to a directory that is",
                    e);
        }
    }

    private static void deleteAtExit(Path directory) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
                Files.delete(directory);
            } catch (IOException e) {
                LOG.warn("cannot delete {}", directory, e);
            }
        }));
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        return (os.startsWith("mac") ? "osx" : os) + "-" + (arch.equals("amd64") ? "x86_64" : arch);
    }

    private static String version() throws IOException {
        Properties properties = new Properties();
        try (InputStream in =
                TokenizersLibrary.class.getClassLoader().getResourceAsStream(RESOURCES + "tokenizers.properties")) {
            properties.load(in);
        }
        return properties.getProperty("version", "unknown");
    }
}
