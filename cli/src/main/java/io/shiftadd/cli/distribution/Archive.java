package io.shiftadd.cli.distribution;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A tree as files to hand on, packed by the system's own programs. */
final class Archive {

    private static final String MAINTAINER = "ShiftAdd <maintainers@shiftadd.example>";

    private final Path folder;
    private final Path tree;

    /** @param tree in the folder; archives lie beside it */
    Archive(Path folder, Path tree) {
        this.folder = folder;
        this.tree = tree;
    }

    Path tar() throws IOException, InterruptedException {
        Path file = folder.resolve(tree.getFileName() + ".tar.gz");
        run(List.of(
                "tar",
                "--owner=0",
                "--group=0",
                "--sort=name",
                "-C",
                folder.toString(),
                "-czf",
                file.toString(),
                String.valueOf(tree.getFileName())));
        return file;
    }

    /** Empty where the system has no dpkg-deb. @param version as Maven spells it */
    Optional<Path> debian(String version) throws IOException, InterruptedException {
        boolean there = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "dpkg-deb")));
        if (!there) {
            return Optional.empty();
        }
        Path root = folder.resolve("debian");
        ApplicationTree.remove(root);
        Path installed = root.resolve("opt/shiftadd");
        ApplicationTree.copy(tree, installed);
        permit(tree, installed);
        Files.createDirectories(root.resolve("usr/bin"));
        Files.createSymbolicLink(root.resolve("usr/bin/shiftadd"), Path.of("/opt/shiftadd/bin/shiftadd"));
        String processor = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Files.writeString(
                Files.createDirectories(root.resolve("DEBIAN")).resolve("control"),
                control(version, processor),
                StandardCharsets.UTF_8);
        Path file =
                folder.resolve("shiftadd_%s_%s.deb".formatted(version.replace("-SNAPSHOT", "~snapshot"), processor));
        run(List.of("dpkg-deb", "--root-owner-group", "-Zgzip", "--build", root.toString(), file.toString()));
        ApplicationTree.remove(root);
        return Optional.of(file);
    }

    private static String control(String version, String processor) {
        return """
                Package: shiftadd
                Version: %s
                Architecture: %s
                Maintainer: %s
                Depends: libc6
                Section: science
                Priority: optional
                Description: Runs language models without multiplications
                 Turns pretrained language models into binary matrices with scales of powers of two, and serves them
                 through an OpenAI-style API. shiftadd run <model> chats with one.
                """.formatted(version.replace("-SNAPSHOT", "~snapshot"), processor, MAINTAINER);
    }

    /** A copy of a file does not keep what may be executed. */
    private static void permit(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.setPosixFilePermissions(
                        to.resolve(from.relativize(file).toString()), Files.getPosixFilePermissions(file));
            }
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new CommandFailure(command.getFirst() + " failed: " + said.strip(), "Check that there is room.");
        }
    }
}
