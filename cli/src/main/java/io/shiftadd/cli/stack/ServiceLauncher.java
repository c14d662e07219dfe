package io.shiftadd.cli.stack;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.postgres.PostgresAccess;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts one service as a process that outlives this one. */
final class ServiceLauncher {

    private static final long LOG_LIMIT_BYTES = 10L << 20;

    /**
     * A session of its own where the system has the program for it: what ends a command and its process group, Ctrl-C
     * above all, is not meant for the services.
     */
    static final List<String> DETACHED = List.of(
            "sh",
            "-c",
            "trap '' INT HUP; if command -v setsid >/dev/null; then exec setsid \"$@\"; else exec \"$@\"; fi",
            "sh");

    private final StackSettings settings;

    ServiceLauncher(StackSettings settings) {
        this.settings = settings;
    }

    /**
     * @param database absent when the environment names one
     * @throws CommandFailure when the port is taken or the process cannot be started
     */
    ServiceProcess launch(InstalledService installed, Optional<PostgresAccess> database) {
        Service service = installed.service();
        int port = settings.port(service);
        requireFree(service, port);
        try {
            Path arguments = writeArguments(installed, port);
            List<String> command = new ArrayList<>(DETACHED);
            command.add(java());
            command.addAll(new StartupCache(settings).options(installed));
            command.add("@" + arguments);
            File log = log(service).toFile();
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(settings.checkout().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
            if (service.needsDatabase()) {
                database.ifPresent(access -> builder.environment().putAll(environment(access)));
            }
            Process process = builder.start();
            ServiceProcess started = new ServiceProcess(service, process.toHandle(), port, installed.build());
            started.remember(settings.runDirectory());
            return started;
        } catch (IOException e) {
            throw new CommandFailure(
                    "cannot start %s: %s".formatted(service.shortName(), e.getMessage()),
                    "Check that " + settings.dataDirectory() + " can be written.",
                    e);
        }
    }

    /** In a file, not on the command line: a class path of a hundred jars would make `ps` unreadable. */
    private Path writeArguments(InstalledService installed, int port) throws IOException {
        Service service = installed.service();
        List<String> arguments = new ArrayList<>();
        // Line by line: a file of arguments may not name another one.
        try (Stream<String> lines = Files.lines(settings.checkout().resolve("jvm/compute.args"))) {
            lines.filter(line -> line.startsWith("-")).forEach(arguments::add);
        }
        arguments.addAll(service.jvmOptions());
        arguments.addAll(settings.jvmOptions());
        arguments.add("-Dapp=" + service.module());
        arguments.add("-cp");
        arguments.add(
                installed.classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        arguments.add(installed.mainClass());
        arguments.add("--server.port=" + port);
        arguments.add("--shiftadd.data-directory=" + settings.dataDirectory());
        arguments.add("--shiftadd.models.roots=%s,%s,%s,${shiftadd.hub.cache}"
                .formatted(
                        settings.checkout().resolve("samples"),
                        settings.dataDirectory().resolve("models"),
                        settings.dataDirectory().resolve("artifacts")));
        arguments.add("--shiftadd.registry-url=http://127.0.0.1:" + settings.port(Service.REGISTRY));
        arguments.add("--shiftadd.inference-url=http://127.0.0.1:" + settings.port(Service.INFERENCE));
        String file = arguments.stream()
                .map(argument -> '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining("\n"));
        return Files.writeString(argumentsFile(settings, service), file);
    }

    static Path argumentsFile(StackSettings settings, Service service) {
        return settings.runDirectory().resolve(service.shortName() + ".arguments");
    }

    /** The JVM that runs this. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static Map<String, String> environment(PostgresAccess database) {
        return Map.of(
                "SPRING_DATASOURCE_URL", database.jdbcUrl(),
                "SPRING_DATASOURCE_USERNAME", database.username(),
                "SPRING_DATASOURCE_PASSWORD", database.password());
    }

    private Path log(Service service) throws IOException {
        Path log = settings.logFile(service);
        Files.createDirectories(log.getParent());
        if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        return log;
    }

    private static void requireFree(Service service, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException taken) {
            throw new CommandFailure(
                    "port %d, which %s needs, is taken by another program".formatted(port, service.shortName()),
                    "End that program, or choose another port: %s=%d ./shiftadd up"
                            .formatted(service.portVariable(), port + 1000),
                    taken);
        }
    }
}
