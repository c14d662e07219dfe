package io.shiftadd.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL for tests: one server a JVM, started when the first database is asked for and gone with the JVM.
 *
 * <p>Nothing here is durable: without fsync a new database is a matter of some hundredths of a second.
 */
public final class EphemeralPostgres {

    private static final Duration STOP_TIME = Duration.ofSeconds(10);
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final Map<String, String> FAST =
            Map.of("fsync", "off", "full_page_writes", "off", "synchronous_commit", "off", "max_connections", "300");

    private static @Nullable Postmaster server;

    private EphemeralPostgres() {}

    /** A fresh, empty database; take one for each test class. Its role may do everything. */
    public static PostgresAccess newDatabase() {
        String name = "test_" + DATABASES.incrementAndGet();
        PostgresAccess maintenance = access("postgres");
        try (Connection connection = maintenance.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new PostgresException("cannot create database " + name + " on " + maintenance, e);
        }
        return access(name);
    }

    private static synchronized PostgresAccess access(String database) {
        if (server == null) {
            server = start();
        }
        return new PostgresAccess(server.port(), database, "postgres", "");
    }

    private static Postmaster start() {
        Path parent = Path.of(
                System.getProperty("java.io.tmpdir"), "shiftadd-test-postgres-" + System.getProperty("user.name"));
        Path directory = parent.resolve(Long.toString(ProcessHandle.current().pid()));
        try {
            Files.createDirectories(parent);
            endThoseOfDeadJvms(parent);
            end(directory);
            Cluster cluster = new Cluster(
                    ServerPrograms.unpackedBelow(parent), directory.resolve("data"), directory.resolve("server.log"));
            Files.createDirectories(directory);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(directory), "end-test-postgres"));
            cluster.createIfAbsent(List.of("--auth=trust", "--no-sync"));
            cluster.start(FreePort.from(0), FAST);
            return cluster.postmaster()
                    .orElseThrow(() -> new PostgresException("the PostgreSQL for tests ended right after its start"));
        } catch (IOException e) {
            throw new PostgresException("the PostgreSQL for tests does not start in " + directory, e);
        }
    }

    /** A JVM that was killed leaves its server and its directory behind; the directory bears the JVM's process id. */
    private static void endThoseOfDeadJvms(Path parent) throws IOException {
        List<Path> dead;
        try (Stream<Path> directories = Files.list(parent)) {
            dead = directories
                    .filter(directory -> directory.getFileName().toString().matches("\\d+"))
                    .filter(directory -> ProcessHandle.of(
                                    Long.parseLong(directory.getFileName().toString()))
                            .isEmpty())
                    .toList();
        }
        dead.forEach(EphemeralPostgres::end);
    }

    private static void end(Path directory) {
        try {
            Postmaster.of(directory.resolve("data")).ifPresent(postmaster -> postmaster.stop(STOP_TIME));
            DirectoryTree.delete(directory);
        } catch (IOException | UncheckedIOException e) {
            // Another JVM may be at the same directory; what is left, the next one deletes.
            System.getLogger(EphemeralPostgres.class.getName())
                    .log(System.Logger.Level.DEBUG, "left something in " + directory, e);
        }
    }
}
