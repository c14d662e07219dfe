package io.shiftadd.cli.model;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.Terminal;
import io.shiftadd.cli.stack.StackSettings;
import io.shiftadd.cost.Quantity;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.contents.ModelContents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model of this machine that lies where services may not read: its files are linked to below the data directory, or
 * copied where that is another disk.
 */
final class LocalCopy {

    private final Path folder;
    private final Terminal terminal;

    LocalCopy(StackSettings settings, Terminal terminal) {
        this.folder = folderOf(settings);
        this.terminal = terminal;
    }

    private static Path folderOf(StackSettings settings) {
        return settings.dataDirectory().resolve("models").resolve("local");
    }

    /** @return the directory, or the GGUF file, to be registered */
    Path of(Path model, String name) {
        Path target = folder.resolve(name);
        try {
            List<Path> files = ModelContents.files(model);
            Files.createDirectories(target);
            for (Path file : files) {
                bring(file.toRealPath(), target.resolve(file.getFileName().toString()));
            }
            return Files.isDirectory(model) ? target : target.resolve(String.valueOf(model.getFileName()));
        } catch (FormatException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), "", e);
        } catch (IOException e) {
            throw new CommandFailure(
                    "%s cannot be brought to %s: %s".formatted(model, target, e),
                    "Check that it can be read, and that there is room.",
                    e);
        }
    }

    private void bring(Path file, Path target) throws IOException {
        if (Files.exists(target) && Files.isSameFile(file, target)) {
            return;
        }
        Path half = target.resolveSibling(target.getFileName() + ".part");
        Files.deleteIfExists(half);
        try {
            Files.createLink(half, file);
        } catch (IOException | UnsupportedOperationException otherDisk) {
            terminal.line("  copying %s, %s".formatted(file.getFileName(), Quantity.bytes(Files.size(file))));
            Files.copy(file, half);
        }
        Files.move(half, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes what was brought for a model that is no more; a model that lies elsewhere is left alone. */
    static void remove(StackSettings settings, Path location) throws IOException {
        Path folder = folderOf(settings);
        if (!location.startsWith(folder) || location.equals(folder) || !Files.exists(location)) {
            return;
        }
        Path own = folder.resolve(folder.relativize(location).getName(0));
        List<Path> all;
        try (Stream<Path> files = Files.walk(own)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
