package io.shiftadd.cli.model;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.Terminal;
import io.shiftadd.cli.platform.ImportFollower;
import io.shiftadd.cli.platform.Platform;
import io.shiftadd.cli.platform.PlatformApi;
import io.shiftadd.cli.platform.RefusedRequest;
import io.shiftadd.cli.stack.StackSettings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes a model of whatever a person calls one: the name of a registered model, a directory or GGUF file, or {@code
 * owner/name} on the Hub, perhaps with {@code :choice} for one of its GGUF files. Tried in this order; what begins like
 * a path is nothing else.
 */
public final class ModelSource {

    private static final String DEFAULT_REVISION = "main";

    private final PlatformApi registry;
    private final Optional<StackSettings> local;
    private final Terminal terminal;

    public ModelSource(Platform platform, Terminal terminal) {
        this.registry = platform.registry();
        this.local = platform.local();
        this.terminal = terminal;
    }

    /**
     * The model of that name, brought here when it is not.
     *
     * @throws CommandFailure when there is none, or it cannot be served
     */
    public JsonNode bring(String name) throws InterruptedException {
        return bring(name, null, DEFAULT_REVISION);
    }

    /**
     * @param newName to register it under; null for the last part of its own
     * @param revision of the Hub's repository
     */
    JsonNode bring(String name, @Nullable String newName, String revision) throws InterruptedException {
        Path path = pathOf(name);
        if (path != null) {
            return ofPath(path, newName);
        }
        Optional<JsonNode> known = name.contains("/") ? imported(name, revision) : registry.findModel(name);
        if (known.isPresent()
                && (newName == null || newName.equals(known.get().path("name").asString()))) {
            return known.get();
        }
        Optional<JsonNode> inRoots = name.contains("/") ? Optional.empty() : ofRoots(name, newName);
        return inRoots.isPresent() ? inRoots.get() : ofHub(name, newName, revision);
    }

    /** Null where the name is none of a file or directory of this machine. */
    private @Nullable Path pathOf(String name) {
        boolean meant = name.startsWith("/") || name.startsWith("./") || name.startsWith("../") || name.equals(".");
        try {
            Path path = Path.of(name).toAbsolutePath().normalize();
            boolean model = isModel(path) && (meant || name.contains("/") || name.endsWith(".gguf"));
            if (meant && !model) {
                throw new CommandFailure(
                        Files.exists(path) ? path + " is no model" : path + " does not exist",
                        "Name a directory with a config.json, or a .gguf file.");
            }
            return model ? path : null;
        } catch (InvalidPathException noPath) {
            return null;
        }
    }

    private static boolean isModel(Path path) {
        return Files.isRegularFile(path.resolve("config.json"))
                || Files.isRegularFile(path) && path.toString().endsWith(".gguf");
    }

    private JsonNode ofPath(Path path, @Nullable String newName) throws InterruptedException {
        String standard = String.valueOf(path.getFileName()).replaceFirst("\\.gguf$", "");
        String name = newName == null ? standard : newName;
        try {
            return registry.importModel(Map.of("path", path.toString(), "name", name));
        } catch (RefusedRequest outsideOfTheRoots) {
            if (!outsideOfTheRoots.is("invalid-field") || local.isEmpty()) {
                throw outsideOfTheRoots;
            }
            Path copy = new LocalCopy(local.get(), terminal).of(path, name);
            return registry.importModel(Map.of("path", copy.toString(), "name", name));
        }
    }

    /** A directory right under a root of the registry, such as those of samples/. */
    private Optional<JsonNode> ofRoots(String name, @Nullable String newName) throws InterruptedException {
        try {
            return Optional.of(registry.importModel(request("path", name, newName)));
        } catch (RefusedRequest refused) {
            if (refused.is("invalid-field")) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /** What has been imported is not asked for again: that would take the Hub, and reading all of it. */
    private Optional<JsonNode> imported(String repository, String revision) throws InterruptedException {
        for (JsonNode known : registry.imports()) {
            if (known.path("repository").asString().equals(repository)
                    && known.path("revision").asString().equals(revision)
                    && known.path("modelId").isString()) {
                Optional<JsonNode> model =
                        registry.findModel(known.path("modelId").asString());
                if (model.isPresent()) {
                    return model;
                }
            }
        }
        return Optional.empty();
    }

    private JsonNode ofHub(String name, @Nullable String newName, String revision) throws InterruptedException {
        Map<String, String> request = request("repository", name, newName);
        request.put("revision", revision);
        terminal.line("  pulling %s from the Hub".formatted(name));
        return new ImportFollower(registry, terminal).follow(registry.importModel(request));
    }

    private static Map<String, String> request(String field, String value, @Nullable String name) {
        Map<String, String> request = new LinkedHashMap<>(Map.of(field, value));
        if (name != null) {
            request.put("name", name);
        }
        return request;
    }
}
