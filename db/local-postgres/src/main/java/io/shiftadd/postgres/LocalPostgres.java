package io.shiftadd.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The PostgreSQL of the local stack: one server on loopback whose data survives restarts and crashes.
 *
 * <p>The server is a process of its own that outlives the JVM that started it; whoever comes next finds it by its data
 * directory. Commits are durable. Everything lies in one directory:
 *
 * <pre>
 * postgresql-.../  the server's programs, unpacked at the first start
 * data/            the cluster
 * password         of both roles, readable by the owner alone
 * server.log
 * </pre>
 */
public final class LocalPostgres {

    /** Name of the database and of the role that owns it. */
    public static final String NAME = "shiftadd";

    private static final String SUPERUSER = "postgres";
    private static final Duration STOP_TIME = Duration.ofSeconds(60);
    private static final Map<String, String> DURABLE =
            Map.of("fsync", "on", "full_page_writes", "on", "synchronous_commit", "on", "max_connections", "100");

    private final Postmaster postmaster;
    private final PostgresAccess access;

    private LocalPostgres(Postmaster postmaster, String password) {
        this.postmaster = postmaster;
        this.access = new PostgresAccess(postmaster.port(), NAME, NAME, password);
    }

    /** The server that runs on this directory already, if one does. */
    public static Optional<LocalPostgres> running(Path directory) {
        return Postmaster.of(directory.resolve("data"))
                .map(postmaster -> new LocalPostgres(postmaster, readPassword(directory)));
    }

    /**
     * Returns the running server of this directory, or starts one.
     *
     * @param directory where data and programs lie; made when absent
     * @param firstPort the first port to try: when it is taken, the next free one; 0 = any
     * @throws PostgresException when it does not start; the message ends with the last lines of the server's log
     */
    public static LocalPostgres start(Path directory, int firstPort) {
        Path absolute = directory.toAbsolutePath();
        try {
            if (Postmaster.of(absolute.resolve("data")).isEmpty()) {
                Files.createDirectories(absolute);
                Cluster cluster = new Cluster(
                        ServerPrograms.unpackedBelow(absolute),
                        absolute.resolve("data"),
                        absolute.resolve("server.log"));
                create(cluster, absolute);
                cluster.start(FreePort.from(firstPort), DURABLE);
            }
            LocalPostgres postgres = running(absolute)
                    .orElseThrow(() -> new PostgresException(
                            "PostgreSQL in " + absolute + " ended right after its start: see server.log"));
            postgres.createDatabaseIfAbsent();
            return postgres;
        } catch (IOException | SQLException e) {
            throw new PostgresException("PostgreSQL does not start in %s: %s".formatted(absolute, e), e);
        }
    }

    /** How to reach the database. */
    public PostgresAccess access() {
        return access;
    }

    /** Process id of the server. */
    public long pid() {
        return postmaster.process().pid();
    }

    /**
     * Stops the server, whoever started it; does nothing when it does not run any more.
     *
     * @throws PostgresException when it still runs after a minute
     */
    public void stop() {
        postmaster.stop(STOP_TIME);
    }

    private static void create(Cluster cluster, Path directory) throws IOException {
        if (!Files.exists(cluster.data())) {
            Path password = newPassword(directory);
            cluster.createIfAbsent(List.of("--auth-local=reject", "--auth-host=scram-sha-256", "--pwfile=" + password));
        }
    }

    private static Path newPassword(Path directory) throws IOException {
        Path file = directory.resolve("password");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        return Files.writeString(file, HexFormat.of().formatHex(secret));
    }

    private void createDatabaseIfAbsent() throws SQLException {
        PostgresAccess superuser = new PostgresAccess(access.port(), SUPERUSER, SUPERUSER, access.password());
        try (Connection connection = superuser.connect();
                Statement statement = connection.createStatement()) {
            if (!exists(statement, "select 1 from pg_roles where rolname = '" + NAME + "'")) {
                // The password is hexadecimal: nothing in it to quote.
                statement.execute("create role " + NAME + " login password '" + access.password() + "'");
            }
            if (!exists(statement, "select 1 from pg_database where datname = '" + NAME + "'")) {
                statement.execute("create database " + NAME + " owner " + NAME);
            }
        }
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    private static String readPassword(Path directory) {
        Path file = directory.resolve("password");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new PostgresException(
                    "cannot read %s; without the password the data beside it is out of reach. Put the file back, or remove %s to start with an empty database"
                            .formatted(file, directory),
                    e);
        }
    }
}
