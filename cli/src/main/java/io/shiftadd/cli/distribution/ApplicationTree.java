package io.shiftadd.cli.distribution;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.stack.InstalledService;
import io.shiftadd.cli.stack.Service;
import io.shiftadd.cli.stack.StackSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tree below the package's top folder: {@code bin/shiftadd}, {@code lib} with what a checkout has where the stack
 * looks for it, {@code LICENSE} and {@code NOTICE}.
 */
final class ApplicationTree {

    private static final String SAMPLE = "llama-mini";
    private static final String LAUNCHER = "shiftadd";

    private final StackSettings settings;
    private final Path tree;

    ApplicationTree(StackSettings settings, Path tree) {
        this.settings = settings;
        this.tree = tree;
    }

    void write() throws IOException {
        remove(tree);
        Path library = Files.createDirectories(tree.resolve("lib"));
        Path checkout = settings.checkout();
        for (Service service : Service.values()) {
            InstalledService.install(settings, service).packInto(library);
        }
        Files.copy(commandLine(), library.resolve("cli.jar"));
        copy(checkout.resolve("jvm"), library.resolve("jvm"));
        copy(
                checkout.resolve("samples").resolve(SAMPLE),
                library.resolve("samples").resolve(SAMPLE));
        for (String text : List.of("LICENSE", "NOTICE", "CHANGELOG.md")) {
            Files.copy(checkout.resolve(text), tree.resolve(text));
        }
        launcher(Files.createDirectories(tree.resolve("bin")).resolve(LAUNCHER));
    }

    private void launcher(Path file) throws IOException {
        try (InputStream script = ApplicationTree.class.getResourceAsStream(LAUNCHER)) {
            if (script == null) {
                throw new IOException("the jar has no " + LAUNCHER);
            }
            Files.copy(script, file);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path commandLine() throws IOException {
        Path folder = settings.checkout().resolve("cli").resolve(settings.buildFolder());
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith("-exec.jar"))
                    .findFirst()
                    .orElseThrow(() -> new CommandFailure(
                            "there is no cli-*-exec.jar in " + folder, "Build first: ./shiftadd build"));
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
