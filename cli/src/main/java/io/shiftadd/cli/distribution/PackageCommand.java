package io.shiftadd.cli.distribution;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.Terminal;
import io.shiftadd.cli.Version;
import io.shiftadd.cli.stack.StackSettings;
import io.shiftadd.cost.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the archive and the Debian package. */
@Command(
        name = "package",
        mixinStandardHelpOptions = true,
        description = "Makes what runs without a JDK: a .tar.gz, and a .deb where dpkg-deb is there.")
public final class PackageCommand implements Callable<Integer> {

    @Option(names = "--out", paramLabel = "<directory>", description = "Default: target/dist of the checkout")
    private Path out = Path.of("target", "dist");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Terminal terminal = Terminal.standard();
        StackSettings settings = StackSettings.of(System.getenv());
        Path folder = settings.checkout().resolve(out);
        String name = "shiftadd-%s-%s".formatted(Version.number(), platform());
        Path tree = folder.resolve(name);
        Files.createDirectories(folder);
        new ApplicationTree(settings, tree).write();
        terminal.line("  services, command line, sample   " + tree);
        new JavaRuntime(tree.resolve("runtime")).write();
        terminal.line("  a Java runtime of what they need");
        Archive archive = new Archive(folder, tree);
        report(terminal, archive.tar());
        Optional<Path> debian = archive.debian(Version.number());
        debian.ifPresentOrElse(
                file -> report(terminal, file), () -> terminal.line("  no .deb: there is no dpkg-deb here"));
        return 0;
    }

    private static String platform() {
        String os = System.getProperty("os.name");
        String processor = System.getProperty("os.arch").equals("amd64") ? "x64" : System.getProperty("os.arch");
        if (!os.equals("Linux")) {
            throw new CommandFailure("packages are made on Linux, this is " + os, "Make it on Linux.");
        }
        return "linux-" + processor;
    }

    private static void report(Terminal terminal, Path file) {
        try {
            terminal.line("  %s  %s".formatted(file, Quantity.bytes(Files.size(file))));
        } catch (IOException e) {
            throw new CommandFailure("cannot read " + file + ": " + e, "Make it again.", e);
        }
    }
}
