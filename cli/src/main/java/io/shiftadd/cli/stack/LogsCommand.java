package io.shiftadd.cli.stack;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the parts of the stack have written, by the system's own tail. */
@Command(name = "logs", mixinStandardHelpOptions = true, description = "Shows what the services and PostgreSQL write.")
public final class LogsCommand implements Callable<Integer> {

    private static final String POSTGRES = "postgres";
    private static final String LINES = "100";

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what is written from now on.")
    private boolean follow;

    @Parameters(
            paramLabel = "<part>",
            arity = "0..*",
            description = "registry, quantize, inference or postgres. Default: all")
    private List<String> parts = List.of();

    @Override
    public Integer call() throws InterruptedException, IOException {
        StackSettings settings = StackSettings.of(System.getenv());
        List<String> command = new ArrayList<>(List.of("tail", "-n", LINES));
        if (follow) {
            command.add("-F");
        }
        List<Path> files =
                names().map(name -> file(settings, name)).filter(Files::exists).toList();
        if (files.isEmpty()) {
            throw new CommandFailure(
                    "nothing has been written yet in " + settings.dataDirectory(),
                    "Start the stack with: ./shiftadd up");
        }
        files.forEach(file -> command.add(file.toString()));
        Process tail = new ProcessBuilder(command).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(tail::destroy, "end-tail"));
        return tail.waitFor();
    }

    private Stream<String> names() {
        List<String> all = Stream.concat(Arrays.stream(Service.values()).map(Service::shortName), Stream.of(POSTGRES))
                .toList();
        for (String part : parts) {
            if (!all.contains(part)) {
                throw new CommandFailure("there is no log of '" + part + "'", "There is one of each of " + all + ".");
            }
        }
        return (parts.isEmpty() ? all : parts).stream();
    }

    private static Path file(StackSettings settings, String name) {
        return name.equals(POSTGRES)
                ? settings.postgresDirectory().resolve("server.log")
                : settings.dataDirectory().resolve("logs").resolve(name + ".log");
    }
}
