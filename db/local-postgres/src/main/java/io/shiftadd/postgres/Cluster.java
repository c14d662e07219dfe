package io.shiftadd.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL data directory and the programs that make, start and stop it.
 *
 * @param programs folder of initdb and pg_ctl
 * @param data the data directory; absent, or complete
 * @param log where the server writes
 */
record Cluster(Path programs, Path data, Path log) {

    /** After a crash the server replays its write-ahead log before it answers. */
    private static final int START_SECONDS = 60;

    private static final int LOG_LINES_SHOWN = 8;

    /** Makes the cluster when it is absent. A killed initdb leaves nothing that could be taken for one. */
    void createIfAbsent(List<String> initdbOptions) throws IOException {
        if (Files.exists(data)) {
            return;
        }
        Path half = data.resolveSibling(data.getFileName() + ".new");
        DirectoryTree.delete(half);
        List<String> command = new ArrayList<>(List.of("initdb", "--pgdata=" + half, "--username=postgres"));
        // Collation by code point, the same on every system.
        command.addAll(
                List.of("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
        command.addAll(initdbOptions);
        run(command);
        Files.move(half, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Starts the server as a process of its own, on loopback alone, and waits until it answers. */
    void start(int port, Map<String, String> settings) throws IOException {
        StringBuilder options = new StringBuilder("-p ").append(port);
        // No socket in the shared folder for temporary files: one thing less to guard.
        options.append(" -c listen_addresses=localhost -c unix_socket_directories='' -c timezone=UTC");
        settings.forEach(
                (name, value) -> options.append(" -c ").append(name).append('=').append(value));
        run(List.of(
                "pg_ctl",
                "start",
                "--wait",
                "--timeout=" + START_SECONDS,
                "--pgdata=" + data,
                "--log=" + log,
                "--options=" + options));
    }

    /** The running server, if there is one. */
    Optional<Postmaster> postmaster() {
        return Postmaster.of(data);
    }

    private void run(List<String> command) throws IOException {
        Path output = Files.createTempFile("postgres-" + command.getFirst(), ".out");
        try {
            List<String> whole = new ArrayList<>(PostgresUser.prefix());
            whole.add(programs.resolve(command.getFirst()).toString());
            whole.addAll(command.subList(1, command.size()));
            // Into a file: what the server inherits must not be a pipe that ends with this JVM.
            Process process = new ProcessBuilder(whole)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(2L * START_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new PostgresException("%s did not end within %d s%n%s"
                        .formatted(command.getFirst(), 2 * START_SECONDS, whatIsSaid(output)));
            }
            if (process.exitValue() != 0) {
                throw new PostgresException("%s failed (exit code %d)%n%s"
                        .formatted(command.getFirst(), process.exitValue(), whatIsSaid(output)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PostgresException("interrupted while waiting for " + command.getFirst(), e);
        } finally {
            Files.delete(output);
        }
    }

    private String whatIsSaid(Path output) throws IOException {
        StringBuilder said = new StringBuilder(Files.readString(output));
        if (Files.exists(log)) {
            // ISO-8859-1 reads any bytes; a torn log is no reason to lose the message.
            List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            said.append("last lines of ").append(log).append(":\n");
            lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size())
                    .forEach(line -> said.append("  ").append(line).append('\n'));
        }
        return said.toString().stripTrailing();
    }
}
