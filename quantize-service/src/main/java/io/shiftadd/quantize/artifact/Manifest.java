package io.shiftadd.quantize.artifact;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an artifact consists of. Its JSON has one form only (files by path, no white space that depends on anything), so
 * that the same files always give the same address.
 */
public record Manifest(String format, int version, List<Entry> files) {

    public static final String FILE = "manifest.json";
    private static final String FORMAT = "shiftadd-artifact";
    private static final int VERSION = 1;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** @param path relative to the artifact, with forward slashes */
    public record Entry(String path, long size, String sha256) {}

    /** Describes the files of a directory; a manifest that is already there is not one of them. */
    public static Manifest of(Path directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path file : DurableFiles.filesUnder(directory)) {
            String path = directory.relativize(file).toString().replace('\\', '/');
            if (!path.equals(FILE)) {
                entries.add(new Entry(path, Files.size(file), Sha256.of(file)));
            }
        }
        entries.sort(Comparator.comparing(Entry::path));
        return new Manifest(FORMAT, VERSION, List.copyOf(entries));
    }

    public static Manifest read(Path directory) throws IOException {
        return JSON.readValue(Files.readAllBytes(directory.resolve(FILE)), Manifest.class);
    }

    public byte[] toBytes() {
        String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this);
        return (json.replace("\r\n", "\n") + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The artifact's address. */
    public String digest() {
        return Sha256.of(toBytes());
    }

    /** Bytes of all files, without the manifest. */
    public long sizeBytes() {
        return files.stream().mapToLong(Entry::size).sum();
    }
}
