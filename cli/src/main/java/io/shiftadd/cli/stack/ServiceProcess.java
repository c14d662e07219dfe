package io.shiftadd.cli.stack;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A service that this stack has started.
 *
 * @param build identifies what it runs, see {@link InstalledService}
 */
record ServiceProcess(Service service, ProcessHandle process, int port, String build) {

    private static final Duration GRACE = Duration.ofSeconds(40);

    /** The running process of a service, if this stack has started one. */
    static Optional<ServiceProcess> find(Path runDirectory, Service service) {
        return new ProcessFile(runDirectory, service.shortName())
                .find()
                .map(found -> new ServiceProcess(
                        service,
                        found.process(),
                        Integer.parseInt(found.notes().getProperty("port", "0")),
                        found.notes().getProperty("build", "")));
    }

    /** Makes {@link #find} know the process. */
    void remember(Path runDirectory) throws IOException {
        new ProcessFile(runDirectory, service.shortName())
                .remember(process, Map.of("port", Integer.toString(port), "build", build));
    }

    /**
     * Asks the process to end and waits; one that does not end in time is killed.
     *
     * @return whether it ended by itself
     */
    boolean stop(Path runDirectory) {
        try {
            process.destroy();
            boolean byItself = ended();
            if (!byItself) {
                process.destroyForcibly();
                ended();
            }
            new ProcessFile(runDirectory, service.shortName()).forget();
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

    private boolean ended() throws InterruptedException, ExecutionException {
        try {
            process.onExit().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stillThere) {
            return false;
        }
    }
}
