package io.shiftadd.quantize.job.publication;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** What an original's own card says and a card of a model made from it repeats. A stranger wrote it. */
final class SourceCard {

    /** Those keys of the Hub's cards that hold for whatever is made of a model. */
    private static final List<String> KEPT = List.of("license", "license_name", "license_link", "language");

    private static final Pattern FRONT_MATTER =
            Pattern.compile("\\A\uFEFF?---\\R(.*?)\\R---\\s*(\\R.*)?\\z", Pattern.DOTALL);
    private static final Pattern LICENSE = Pattern.compile("(?i)(licen[sc]e|copying)([._-].*)?");

    /** A card has no more, and what is longer is none. */
    private static final int MAX_BYTES = 1 << 20;

    private static final int MAX_VALUES = 100;
    private static final int MAX_LENGTH = 500;

    private SourceCard() {}

    /** @return by key; empty where there is no card, or none that can be read */
    static Map<String, Object> license(Path directory) throws IOException {
        Path card = directory.resolve(ModelCard.FILE);
        if (!Files.isRegularFile(card) || Files.size(card) > MAX_BYTES) {
            return Map.of();
        }
        Matcher parts = FRONT_MATTER.matcher(new String(Files.readAllBytes(card), StandardCharsets.UTF_8));
        Map<String, Object> kept = new LinkedHashMap<>();
        if (parts.matches() && parse(parts.group(1)) instanceof Map<?, ?> said) {
            for (String key : KEPT) {
                List<String> texts = texts(said.get(key));
                if (!texts.isEmpty()) {
                    kept.put(key, said.get(key) instanceof List<?> ? texts : texts.getFirst());
                }
            }
        }
        return kept;
    }

    private static @Nullable Object parse(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        options.setAllowDuplicateKeys(false);
        try {
            return new Yaml(new SafeConstructor(options)).load(yaml);
        } catch (YAMLException noCard) {
            return null;
        }
    }

    private static List<String> texts(@Nullable Object value) {
        List<?> values = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
        return values.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .filter(text -> !text.isBlank() && text.length() <= MAX_LENGTH)
                .limit(MAX_VALUES)
                .toList();
    }

    /** Whether a licence lies among the files. */
    static boolean hasLicense(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, Files::isRegularFile)) {
            for (Path file : files) {
                if (LICENSE.matcher(file.getFileName().toString()).matches()) {
                    return true;
                }
            }
        }
        return false;
    }
}
