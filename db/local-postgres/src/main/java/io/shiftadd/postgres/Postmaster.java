package io.shiftadd.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running server process, as its own {@code postmaster.pid} tells of it.
 *
 * <p>The file outlives a crash and its process id may have gone to somebody else by then, so the process has to be a
 * PostgreSQL as well.
 */
record Postmaster(ProcessHandle process, int port) {

    private static final int PID_LINE = 0;
    private static final int PORT_LINE = 3;

    /** The server that runs on this data directory, if one does. */
    static Optional<Postmaster> of(Path dataDirectory) {
        List<String> lines;
        try {
            lines = Files.readAllLines(dataDirectory.resolve("postmaster.pid"));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw new PostgresException("cannot read postmaster.pid in " + dataDirectory, e);
        }
        if (lines.size() <= PORT_LINE) {
            return Optional.empty();
        }
        int port = Integer.parseInt(lines.get(PORT_LINE).strip());
        return ProcessHandle.of(Long.parseLong(lines.get(PID_LINE).strip()))
                .filter(ProcessHandle::isAlive)
                .filter(Postmaster::isPostgres)
                .map(process -> new Postmaster(process, port));
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> Path.of(command).endsWith("postgres"))
                .orElse(false);
    }

    /**
     * Stops the server in its "fast" mode: sessions are ended, what is committed is kept.
     *
     * @throws PostgresException when it still runs after the timeout
     */
    void stop(Duration timeout) {
        try {
            // SIGINT is the fast mode; the SIGTERM of ProcessHandle.destroy() would wait for clients to leave.
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            process.onExit().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PostgresException("interrupted while PostgreSQL (pid " + process.pid() + ") was stopping", e);
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw new PostgresException(
                    "PostgreSQL (pid %d) did not stop within %d s; its log says why. kill -QUIT %1$d stops it at once, and it recovers at the next start"
                            .formatted(process.pid(), timeout.toSeconds()),
                    e);
        }
    }
}
