package io.shiftadd.registry.hub;

import io.shiftadd.registry.model.ModelIntake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Where downloads lie: {@code <owner>@<name>/<commit>}, with the name of a GGUF file besides where it is one of
 * several.
 */
@Component
class DownloadDirectories {

    private static final Logger log = LoggerFactory.getLogger(DownloadDirectories.class);

    private final Path root;
    private final ModelIntake intake;

    /** Two imports of one directory take turns. */
    private final Map<Path, Semaphore> turns = new ConcurrentHashMap<>();

    DownloadDirectories(HubProperties properties, ModelIntake intake) {
        this.root = properties.directory().toAbsolutePath().normalize();
        this.intake = intake;
    }

    /** The right to fill a directory. */
    record Hold(Semaphore turn) implements AutoCloseable {
        @Override
        public void close() {
            turn.release();
        }
    }

    Path of(HubRepository repository, String commit, String variant) {
        // No part of a repository's name, no commit and no name of a file has this sign, so that no two share a
        // directory.
        return root.resolve(repository.name().replace('/', '@'))
                .resolve(variant.isEmpty() ? commit : commit + "@" + variant);
    }

    Hold hold(Path directory) throws IOException, InterruptedException {
        Semaphore turn = turns.computeIfAbsent(directory, _ -> new Semaphore(1, true));
        turn.acquire();
        Files.createDirectories(directory);
        return new Hold(turn);
    }

    /** Removes a directory that nothing but a download has filled, unless it is a registered model's. */
    void removeUnlessModel(Path directory) {
        if (!directory.startsWith(root) || directory.equals(root) || intake.isRegistered(directory)) {
            return;
        }
        try {
            FileSystemUtils.deleteRecursively(directory);
            Path owner = directory.resolveSibling("");
            boolean empty;
            try (Stream<Path> rest = Files.list(owner)) {
                empty = rest.findAny().isEmpty();
            }
            if (empty && !owner.equals(root)) {
                Files.delete(owner);
            }
        } catch (IOException e) {
            log.warn("What was downloaded to {} could not be removed", directory, e);
        }
    }
}
