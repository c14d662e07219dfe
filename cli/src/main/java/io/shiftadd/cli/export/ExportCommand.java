package io.shiftadd.cli.export;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.platform.Platform;
import io.shiftadd.cost.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Writes a model's files for others. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Writes a model as files: as it is, or in plain floats for other engines.")
public final class ExportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "<model>", description = "Its name, its directory or its GGUF file")
    private String name = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "<directory>",
            description = "Made; where there is one, it must be empty.")
    private Path target = Path.of("");

    @Option(
            names = "--format",
            defaultValue = "artifact",
            paramLabel = "<format>",
            description = "artifact (its files as they are), safetensors (float, as transformers reads it), gguf-f16 or"
                    + " gguf-q8_0; ${DEFAULT-VALUE} where none is named.")
    private String format = "";

    @Override
    public Integer call() throws InterruptedException {
        ExportFormat as = ExportFormat.of(format)
                .orElseThrow(() -> new CommandFailure(
                        "there is no format '" + format + "'", "Formats are " + ExportFormat.words() + "."));
        Path source = source();
        String model = String.valueOf(
                source.equals(Path.of(name))
                        ? source.toAbsolutePath().normalize().getFileName()
                        : name);
        try {
            Path made = new ModelExport(source, model.replaceFirst("\\.gguf$", "")).write(as, target);
            System.out.printf("%s as %s: %s, %s%n", model, as.word(), made, Quantity.bytes((double) size(made)));
        } catch (IOException e) {
            throw new CommandFailure(
                    "cannot write " + target + ": " + e.getMessage(),
                    "See that there is room, and that you may write there.",
                    e);
        }
        return 0;
    }

    /** Where the model's files lie; the registry is asked only for a name. */
    private Path source() throws InterruptedException {
        Path path = Path.of(name);
        if (Files.isRegularFile(path.resolve("config.json")) || name.endsWith(".gguf") && Files.isRegularFile(path)) {
            return path;
        }
        if (name.startsWith("/") || name.startsWith(".")) {
            throw new CommandFailure(
                    path + (Files.exists(path) ? " is no model" : " does not exist"),
                    "Name a directory with a config.json, or a .gguf file.");
        }
        try (Platform platform = Platform.asItIs(System.getenv())) {
            JsonNode model = platform.registry()
                    .findModel(name)
                    .orElseThrow(() -> new CommandFailure(
                            "there is no model " + name + ", and no directory of a model of that name",
                            "Which there are: ./shiftadd list"));
            String location = model.path("location").asString("");
            if (location.contains("://") || !Files.exists(Path.of(location))) {
                throw new CommandFailure(
                        "the files of " + name + " are at " + location + ", not on this machine",
                        "Export it where they are, or get them with the tools of that place and name their directory.");
            }
            return Path.of(location);
        }
    }

    private static long size(Path made) throws IOException {
        try (var files = Files.walk(made)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
