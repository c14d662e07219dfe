package io.shiftadd.format.contents;

import io.shiftadd.format.CheckpointLocation;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.gguf.GgufParts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What lies in a model's directory, byte for byte: each file that can change what the model answers, and the digest
 * over all of them. Two directories have the same digest only if these files have the same names, lengths and bytes, so
 * that whoever has read the contents and found the digest may use one for the other.
 *
 * <p>Files that nobody here reads (README.md, pickles beside other weights, whatever lies in sub-folders) do not count.
 *
 * @param files sorted by the bytes of their paths
 * @param digest SHA-256 in lower-case hex
 * @param notFinite weights that are NaN or infinite, the first of each tensor
 */
public record ModelContents(List<Entry> files, String digest, List<NotFiniteWeight> notFinite) {

    /** Comes first, so that no other text that is hashed here can be taken for a list of files. */
    private static final byte[] DOMAIN = "shiftadd model files 2\n".getBytes(StandardCharsets.US_ASCII);

    private static final Set<String> NAMES = Set.of(
            "config.json",
            "generation_config.json",
            "preprocessor_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "tokenizer.model",
            "chat_template.jinja",
            "chat_template.json");

    private static final List<String> ENDINGS = List.of(".safetensors", ".safetensors.index.json", ".gguf");

    private static final Comparator<Entry> BY_PATH = (a, b) -> Arrays.compareUnsigned(utf8(a.path()), utf8(b.path()));

    /**
     * A file and what is in it.
     *
     * @param path relative to the model's directory, with forward slashes
     * @param sha256 in lower-case hex
     */
    public record Entry(String path, long sizeBytes, String sha256) {}

    /** Follows the reading of files, which may be large. */
    @FunctionalInterface
    public interface Progress {

        /** Told about every megabyte; may throw to end the reading. */
        void read(long bytes);
    }

    /**
     * Whether a file of this name is read by anything that loads a model. All readers keep to these names, and to the
     * directory itself: never a sub-folder. Pickled weights are read besides where there are no others.
     */
    public static boolean isRead(String name) {
        return NAMES.contains(name) || ENDINGS.stream().anyMatch(name::endsWith);
    }

    /**
     * The files that count.
     *
     * @param location a model's directory, or a GGUF file, whose other parts count if it is split
     * @throws FormatException when one of them is no regular file, or has a name that is no UTF-8 or has characters
     * that
     *     are not seen
     * @throws UncheckedIOException when the directory cannot be listed
     */
    public static List<Path> files(Path location) {
        if (!Files.isDirectory(location)) {
            return GgufParts.of(location).stream().map(ModelContents::regular).toList();
        }
        try (Stream<Path> entries = Files.list(location)) {
            List<Path> all = entries.sorted().toList();
            boolean pickled = CheckpointLocation.isPickled(
                    all.stream().map(ModelContents::nameOf).toList());
            return all.stream()
                    .filter(file ->
                            isRead(nameOf(file)) || pickled && CheckpointLocation.isPickledWeights(nameOf(file)))
                    .map(ModelContents::regular)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + location, e);
        }
    }

    private static Path regular(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new FormatException(
                    Files.exists(file) ? "is no regular file" : "does not exist",
                    file.toString(),
                    "the platform reads a file of this name",
                    "Remove it, or put the file there.");
        }
        if (nameOf(file).indexOf('\uFFFD') >= 0) {
            throw new FormatException(
                    "has a name that is not UTF-8", file.toString(), "names are text", "Rename the file.");
        }
        nameOf(file).codePoints().filter(ModelContents::isHidden).findFirst().ifPresent(c -> {
            throw new FormatException(
                    "has a file with the character U+%04X in its name".formatted(c),
                    String.valueOf(file.getParent()),
                    "names are shown in lists and logs, and none of control or of the direction of writing is",
                    "Rename the file.");
        });
        return file;
    }

    private static boolean isHidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /**
     * Reads the files of a model that is named by its contents, as all are that are imported.
     *
     * @throws FormatException when a file is not as it may be
     * @throws UncheckedIOException when one cannot be read
     */
    public static ModelContents read(Path location, Progress progress) {
        Reading reading = new Reading(location, progress);
        for (Path file : files(location)) {
            reading.add(nameOf(file), file);
        }
        List<Entry> files = reading.entries();
        return new ModelContents(files, digestOf(files), reading.notFinite());
    }

    /**
     * Reads a published artifact, which is named by the SHA-256 of its manifest.
     *
     * @throws FormatException when the manifest does not list every file that counts, or a file is not as it says
     * @throws UncheckedIOException when a file cannot be read
     */
    public static ModelContents readArtifact(Path directory, Progress progress) {
        ArtifactManifest manifest = ArtifactManifest.read(directory);
        for (Path file : files(directory)) {
            manifest.requireListed(nameOf(file), directory);
        }
        Reading reading = new Reading(directory, progress);
        for (Entry listed : manifest.files()) {
            Path file = manifest.sized(listed, directory);
            ArtifactManifest.requireSame(listed, reading.add(listed.path(), file), file);
        }
        List<Entry> files = new ArrayList<>(reading.entries());
        files.add(manifest.entry());
        files.sort(BY_PATH);
        return new ModelContents(List.copyOf(files), manifest.entry().sha256(), reading.notFinite());
    }

    /** Whether a published artifact lies here, or something that says it were one. */
    public static boolean hasManifest(Path location) {
        return Files.exists(location.resolve(ArtifactManifest.NAME));
    }

    /**
     * The digest of a list of files: each with its name, its length and its bytes, and each of these with its own
     * length.
     */
    public static String digestOf(List<Entry> files) {
        MessageDigest digest = Sha256.newDigest();
        digest.update(DOMAIN);
        digest.update(Sha256.bytes(files.size()));
        for (Entry file : files.stream().sorted(BY_PATH).toList()) {
            byte[] path = utf8(file.path());
            digest.update(Sha256.bytes(path.length));
            digest.update(path);
            digest.update(Sha256.bytes(file.sizeBytes()));
            digest.update(HexFormat.of().parseHex(file.sha256()));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    public long sizeBytes() {
        return files.stream().mapToLong(Entry::sizeBytes).sum();
    }

    /**
     * Refuses weights that are no numbers.
     *
     * @param used names of the tensors that the model uses; others may hold what they like
     * @throws FormatException naming tensor, index and file
     */
    public void requireFinite(Set<String> used) {
        Optional<NotFiniteWeight> first = notFinite.stream()
                .filter(weight -> used.contains(weight.tensor()))
                .findFirst();
        if (first.isPresent()) {
            throw first.get().failure();
        }
    }

    private static String nameOf(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Files that are read one after the other, and what is found in them. */
    private static final class Reading {

        private final WeightRanges weights;
        private final Progress progress;
        private final List<Entry> entries = new ArrayList<>();
        private final List<NotFiniteWeight> notFinite = new ArrayList<>();

        Reading(Path location, Progress progress) {
            this.weights = WeightRanges.of(location);
            this.progress = progress;
        }

        Entry add(String path, Path file) {
            ContentReader reader = new ContentReader(file, weights.in(file), progress);
            reader.read();
            Entry entry = new Entry(path, reader.sizeBytes(), reader.sha256());
            entries.add(entry);
            notFinite.addAll(reader.notFinite());
            return entry;
        }

        List<Entry> entries() {
            entries.sort(BY_PATH);
            return List.copyOf(entries);
        }

        List<NotFiniteWeight> notFinite() {
            return List.copyOf(notFinite);
        }
    }
}
