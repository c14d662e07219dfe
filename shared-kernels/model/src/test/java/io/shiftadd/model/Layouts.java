package io.shiftadd.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The tiny models among the test resources, one for each layout; src/test/references tells how they are made. */
public final class Layouts {

    private Layouts() {}

    public static List<String> names() {
        try (Stream<Path> entries = Files.list(directory(""))) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Path directory(String name) {
        URL url = Objects.requireNonNull(Layouts.class.getResource("/references/" + name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The directory of a tiny model of images. */
    public static Path images(String name) {
        URL url = Objects.requireNonNull(Layouts.class.getResource("/image-references/" + name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static CausalLanguageModel open(String name) {
        return CausalLanguageModel.open(directory(name));
    }

    public static byte[] config(String name) {
        try {
            return Files.readAllBytes(directory(name).resolve("config.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
