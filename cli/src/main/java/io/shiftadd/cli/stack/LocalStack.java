package io.shiftadd.cli.stack;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.postgres.LocalPostgres;
import io.shiftadd.postgres.PostgresAccess;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** PostgreSQL and the services on this machine: brings up what does not run, and takes down what it started. */
public final class LocalStack {

    private static final String POSTGRES = "postgres";
    private static final double START_LIMIT_SECONDS = 240;
    private static final long POLL_MILLIS = 100;
    private static final int LOG_LINES_SHOWN = 15;
    private static final double NANOS = 1e9;
    private static final long LEAST_FREE_BYTES = 256L << 20;

    private final StackSettings settings;
    private final StackListener listener;

    public LocalStack(StackSettings settings, StackListener listener) {
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * Starts what does not run, restarts what runs from an older build, and returns when everything is healthy.
     *
     * @param optional services that are to run, too; those that do already stay
     * @throws CommandFailure when a port is taken or a service does not come up; what has started stays
     */
    public void up(Service... optional) throws InterruptedException {
        try (StackLock lock = StackLock.take(settings.runDirectory())) {
            requireSpace();
            forgetDamaged();
            List<InstalledService> installed = Arrays.stream(Service.values())
                    .filter(service ->
                            runsAnyway(service) || Arrays.asList(optional).contains(service))
                    .map(service -> InstalledService.install(settings, service))
                    .toList();
            installed.reversed().forEach(this::stopIfOutdated);
            Optional<PostgresAccess> database =
                    settings.externalDatabase() ? Optional.empty() : Optional.of(startPostgres());
            start(installed, database);
            InstalledService.removeAllBut(settings, installed);
            if (settings.startupCache()) {
                new StartupCache(settings).recordMissing(installed, database);
            }
        } catch (IOException e) {
            throw new CommandFailure(
                    "cannot write to " + settings.dataDirectory() + ": " + e.getMessage(),
                    "Choose another place: SHIFTADD_DATA_DIRECTORY=/path ./shiftadd up",
                    e);
        }
    }

    /** Whether a service is part of the stack without being asked for. */
    private boolean runsAnyway(Service service) {
        return !service.isOptional() || find(service).isPresent();
    }

    /** Where a disk is full, PostgreSQL stops in the middle of its start, and says so in a log that nobody reads. */
    private void requireSpace() throws IOException {
        long free = Files.getFileStore(settings.dataDirectory()).getUsableSpace();
        if (free < LEAST_FREE_BYTES) {
            throw new CommandFailure(
                    "only %d MB are free where %s lies; the stack needs at least %d MB"
                            .formatted(free >> 20, settings.dataDirectory(), LEAST_FREE_BYTES >> 20),
                    "Free some, or choose another place: SHIFTADD_DATA_DIRECTORY=/path ./shiftadd up");
        }
    }

    /** What names no process, as after a loss of power, is of no use; a service that runs all the same has its port. */
    private void forgetDamaged() throws IOException {
        for (Service service : Service.values()) {
            ProcessFile file = new ProcessFile(settings.runDirectory(), service.shortName());
            if (file.isDamaged()) {
                listener.note("the note of which process is " + service.shortName() + " was damaged; removed it");
                file.forget();
            }
        }
    }

    /** Stops the services and then PostgreSQL; what was not started from this data directory is left alone. */
    public void down() throws IOException {
        try (StackLock lock = StackLock.take(settings.runDirectory())) {
            new StartupCache(settings).stopRecording();
            for (Service service : Arrays.asList(Service.values()).reversed()) {
                find(service).ifPresent(this::stop);
            }
            LocalPostgres.running(settings.postgresDirectory()).ifPresent(postgres -> {
                postgres.stop();
                listener.note(POSTGRES + " stopped");
            });
        }
    }

    /** The process of a service, if it runs. */
    public Optional<ProcessHandle> process(Service service) {
        return find(service).map(ServiceProcess::process);
    }

    /** The address of a service: where it runs, or where it would. */
    public String url(Service service) {
        return "http://127.0.0.1:" + find(service).map(ServiceProcess::port).orElseGet(() -> settings.port(service));
    }

    /** The state of every part, PostgreSQL first. */
    public List<PartStatus> status() throws InterruptedException {
        List<PartStatus> parts = new ArrayList<>();
        parts.add(postgresStatus());
        try (HealthProbe probe = new HealthProbe()) {
            for (Service service : Service.values()) {
                Optional<ServiceProcess> found = find(service);
                if (!runsAnyway(service)) {
                    continue;
                }
                PartStatus.State state = found.isEmpty()
                        ? PartStatus.State.DOWN
                        : probe.ready(found.get().port()) ? PartStatus.State.READY : PartStatus.State.NOT_READY;
                parts.add(new PartStatus(
                        service.shortName(),
                        state,
                        url(service),
                        found.map(ServiceProcess::process),
                        settings.logFile(service)));
            }
        }
        return parts;
    }

    private PartStatus postgresStatus() {
        Path log = settings.postgresDirectory().resolve("server.log");
        if (settings.externalDatabase()) {
            return new PartStatus(
                    POSTGRES, PartStatus.State.EXTERNAL, "see SPRING_DATASOURCE_URL", Optional.empty(), log);
        }
        return LocalPostgres.running(settings.postgresDirectory())
                .map(postgres -> new PartStatus(
                        POSTGRES,
                        PartStatus.State.READY,
                        postgres.access().jdbcUrl(),
                        ProcessHandle.of(postgres.pid()),
                        log))
                .orElseGet(() -> new PartStatus(POSTGRES, PartStatus.State.DOWN, "", Optional.empty(), log));
    }

    private Optional<ServiceProcess> find(Service service) {
        return ServiceProcess.find(settings.runDirectory(), service);
    }

    private void stopIfOutdated(InstalledService installed) {
        Service service = installed.service();
        find(service).ifPresent(process -> {
            if (!process.build().equals(installed.build())) {
                listener.note(service.shortName() + " runs from an older build: restarting it");
                stop(process);
            } else if (process.port() != settings.port(service)) {
                listener.note("%s moves from port %d to %d"
                        .formatted(service.shortName(), process.port(), settings.port(service)));
                stop(process);
            }
        });
    }

    private void stop(ServiceProcess process) {
        String name = process.service().shortName();
        boolean byItself = process.stop(settings.runDirectory());
        listener.note(byItself ? name + " stopped" : name + " did not stop in time and was killed");
    }

    private PostgresAccess startPostgres() {
        long start = System.nanoTime();
        boolean runs = LocalPostgres.running(settings.postgresDirectory()).isPresent();
        if (!runs) {
            listener.waiting(List.of(POSTGRES), 0);
        }
        LocalPostgres postgres = LocalPostgres.start(settings.postgresDirectory(), settings.postgresPort());
        listener.ready(POSTGRES, postgres.access().jdbcUrl(), runs ? 0 : (System.nanoTime() - start) / NANOS);
        return postgres.access();
    }

    /**
     * Starts what does not run and waits until all are ready. As many at a time as there are pairs of processors, since
     * a start keeps two busy, the compiler's one of them: all at once on fewer, and the last is ready no sooner, but
     * the first is much later.
     */
    private void start(List<InstalledService> installed, Optional<PostgresAccess> database)
            throws InterruptedException, IOException {
        StartupCache cache = new StartupCache(settings);
        ServiceLauncher launcher = new ServiceLauncher(settings);
        Deque<InstalledService> queue = new ArrayDeque<>();
        List<Awaited> pending = new ArrayList<>();
        for (InstalledService one : installed) {
            find(one.service()).ifPresentOrElse(process -> pending.add(new Awaited(process)), () -> queue.add(one));
        }
        int abreast = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        try (HealthProbe probe = new HealthProbe()) {
            while (!pending.isEmpty() || !queue.isEmpty()) {
                while (!queue.isEmpty() && pending.size() < abreast) {
                    InstalledService next = queue.remove();
                    if (cache.forgetIfDamaged(next)) {
                        listener.note("the start-up cache of " + next.service().shortName()
                                + " is not as it was recorded; it starts without, and another is recorded");
                    }
                    pending.add(new Awaited(launcher.launch(next, database), next));
                }
                for (Iterator<Awaited> each = pending.iterator(); each.hasNext(); ) {
                    Awaited one = each.next();
                    ServiceProcess process = one.process();
                    if (probe.ready(process.port()) && process.process().isAlive()) {
                        listener.ready(
                                process.service().shortName(),
                                "http://127.0.0.1:" + process.port(),
                                one.launched().isPresent() ? one.seconds() : 0);
                        each.remove();
                    } else if (one.hasDied() && cache.forget(one.launched().orElseThrow())) {
                        listener.note(process.service().shortName()
                                + " ended while starting with its start-up cache; it is started again without");
                        each.remove();
                        queue.addFirst(one.launched().orElseThrow());
                    } else {
                        requireHope(process, one.seconds());
                    }
                }
                if (!pending.isEmpty()) {
                    listener.waiting(
                            pending.stream()
                                    .map(one -> one.process().service().shortName())
                                    .toList(),
                            pending.getFirst().seconds());
                    Thread.sleep(POLL_MILLIS);
                }
            }
        }
    }

    /** A service that is to become ready; {@code since} is when it was launched or found, by the nanosecond clock. */
    private record Awaited(ServiceProcess process, Optional<InstalledService> launched, long since) {

        Awaited(ServiceProcess process, InstalledService launched) {
            this(process, Optional.of(launched), System.nanoTime());
        }

        Awaited(ServiceProcess process) {
            this(process, Optional.empty(), System.nanoTime());
        }

        boolean hasDied() {
            return launched.isPresent() && !process.process().isAlive();
        }

        double seconds() {
            return (System.nanoTime() - since) / NANOS;
        }
    }

    private void requireHope(ServiceProcess process, double seconds) {
        boolean alive = process.process().isAlive();
        if (alive && seconds < START_LIMIT_SECONDS) {
            return;
        }
        Path log = settings.logFile(process.service());
        throw new CommandFailure(
                "%s %s. The last lines of %s:%n%s"
                        .formatted(
                                process.service().shortName(),
                                alive ? "is not healthy after %.0f s".formatted(seconds) : "ended while starting",
                                log,
                                lastLines(log)),
                "The whole log: ./shiftadd logs %s. Try again: ./shiftadd up"
                        .formatted(process.service().shortName()));
    }

    private static String lastLines(Path log) {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()))
                    .indent(4)
                    .stripTrailing();
        } catch (IOException e) {
            return "    (" + e.getMessage() + ")";
        }
    }

    /** Keeps two commands from starting or stopping the same stack at a time. */
    private record StackLock(FileChannel channel) implements AutoCloseable {

        static StackLock take(Path runDirectory) throws IOException {
            Files.createDirectories(runDirectory);
            FileChannel channel =
                    FileChannel.open(runDirectory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException heldByThisJvm) {
                lock = null;
            }
            if (lock == null) {
                channel.close();
                throw new CommandFailure(
                        "another ./shiftadd is starting or stopping this stack", "Wait until it is done.");
            }
            return new StackLock(channel);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
