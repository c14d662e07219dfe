package io.shiftadd.cli.stack;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A service that this stack has started, as its file in the data directory tells. The process id alone would not do:
 * after a restart of the machine it may be anybody's, so the time of the process's start has to agree as well.
 *
 * @param build identifies what it runs, see {@link InstalledService}
 */
record ServiceProcess(Service service, ProcessHandle process, int port, String build) {

    private static final Duration GRACE = Duration.ofSeconds(40);
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

    /** The running process of a service, if this stack has started one. */
    static Optional<ServiceProcess> find(Path runDirectory, Service service) {
        Properties file = new Properties();
        try (Reader in = Files.newBufferedReader(file(runDirectory, service))) {
            file.load(in);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreadable(runDirectory, e);
        }
        try {
            Instant started = Instant.parse(file.getProperty("started", ""));
            int port = Integer.parseInt(file.getProperty("port", ""));
            return ProcessHandle.of(Long.parseLong(file.getProperty("pid", "")))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> startOf(process)
                            .filter(start ->
                                    Duration.between(start, started).abs().compareTo(CLOCK_TOLERANCE) < 0)
                            .isPresent())
                    .map(process -> new ServiceProcess(service, process, port, file.getProperty("build", "")));
        } catch (RuntimeException e) {
            throw unreadable(runDirectory, e);
        }
    }

    /** Writes the file by which {@link #find} knows the process. */
    void remember(Path runDirectory) throws IOException {
        Properties file = new Properties();
        file.setProperty("pid", Long.toString(process.pid()));
        file.setProperty("started", startOf(process).orElseGet(Instant::now).toString());
        file.setProperty("port", Integer.toString(port));
        file.setProperty("build", build);
        Path half = Files.createTempFile(runDirectory, service.shortName(), ".tmp");
        try (Writer out = Files.newBufferedWriter(half)) {
            file.store(out, null);
        }
        Files.move(
                half, file(runDirectory, service), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Asks the process to end and waits; one that does not end in time is killed.
     *
     * @return whether it ended by itself
     */
    boolean stop(Path runDirectory) {
        try {
            process.destroy();
            boolean byItself = ended(GRACE);
            if (!byItself) {
                process.destroyForcibly();
                ended(GRACE);
            }
            Files.deleteIfExists(file(runDirectory, service));
            return byItself;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while " + service.shortName() + " was stopping", "Run it again.", e);
        } catch (IOException | ExecutionException e) {
            throw new CommandFailure(
                    "cannot stop %s (pid %d): %s".formatted(service.shortName(), process.pid(), e.getMessage()),
                    "End it with: kill " + process.pid(),
                    e);
        }
    }

    private boolean ended(Duration timeout) throws InterruptedException, ExecutionException {
        try {
            process.onExit().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stillThere) {
            return false;
        }
    }

    private static Optional<Instant> startOf(ProcessHandle process) {
        return process.info().startInstant();
    }

    private static Path file(Path runDirectory, Service service) {
        return runDirectory.resolve(service.shortName() + ".process");
    }

    private static CommandFailure unreadable(Path runDirectory, Exception cause) {
        return new CommandFailure(
                "cannot read what runs from " + runDirectory + ": " + cause.getMessage(),
                "Remove the .process files there after ending the services they name.",
                cause);
    }
}
