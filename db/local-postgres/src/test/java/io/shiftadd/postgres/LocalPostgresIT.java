package io.shiftadd.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresIT {

    /** Shared, because making a cluster is what takes time; each test stops the server. */
    @TempDir
    static Path directory;

    @AfterEach
    void stop() {
        LocalPostgres.running(directory).ifPresent(LocalPostgres::stop);
    }

    @Test
    void keepsDataOverARestart() throws Exception {
        LocalPostgres first = LocalPostgres.start(directory, 0);
        execute(first.access(), "create table kept (n int)", "insert into kept values (7)");
        first.stop();
        assertThat(LocalPostgres.running(directory)).isEmpty();

        LocalPostgres second = LocalPostgres.start(directory, 0);
        assertThat(query(second.access(), "select n from kept")).isEqualTo("7");
    }

    @Test
    void commitsAreDurable() throws Exception {
        PostgresAccess access = LocalPostgres.start(directory, 0).access();
        assertThat(query(access, "show fsync")).isEqualTo("on");
        assertThat(query(access, "show synchronous_commit")).isEqualTo("on");
    }

    @Test
    void outlivesAKilledStarterAndIsFoundAgain() throws Exception {
        Process starter = starter();
        PostgresAccess access = LocalPostgres.running(directory).orElseThrow().access();
        execute(access, "create table outlived (n int)", "insert into outlived values (7)");
        starter.destroyForcibly().waitFor();

        LocalPostgres found = LocalPostgres.start(directory, 0);
        assertThat(found.access()).isEqualTo(access);
        assertThat(query(found.access(), "select n from outlived")).isEqualTo("7");
    }

    @Test
    void recoversFromACrashOfTheServer() throws Exception {
        Process starter = starter();
        LocalPostgres crashing = LocalPostgres.running(directory).orElseThrow();
        execute(crashing.access(), "create table recovered (n int)", "insert into recovered values (7)");
        ProcessHandle server = ProcessHandle.of(crashing.pid()).orElseThrow();
        server.destroyForcibly();
        server.onExit().get(30, TimeUnit.SECONDS);
        starter.destroyForcibly().waitFor();
        assertThat(LocalPostgres.running(directory)).isEmpty();

        assertThat(query(LocalPostgres.start(directory, 0).access(), "select n from recovered"))
                .isEqualTo("7");
    }

    @Test
    void throwsAHalfMadeClusterAwayAndSaysWhyALaterOneDoesNotStart(@TempDir Path own) throws Exception {
        Files.writeString(Files.createDirectories(own.resolve("data.new")).resolve("postgresql.conf"), "half made");
        LocalPostgres postgres = LocalPostgres.start(own, 0);
        assertThat(query(postgres.access(), "select current_user")).isEqualTo("shiftadd");
        postgres.stop();

        Files.writeString(own.resolve("data/postgresql.conf"), "no_such_setting = 1");
        assertThatThrownBy(() -> LocalPostgres.start(own, 0))
                .isInstanceOf(PostgresException.class)
                .hasMessageContaining(own.toString())
                .hasMessageContaining("no_such_setting");
    }

    @Test
    void takesTheNextFreePort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(LocalPostgres.start(directory, taken.getLocalPort())
                            .access()
                            .port())
                    .isGreaterThan(taken.getLocalPort());
        }
    }

    @Test
    void letsNobodyInWithoutThePassword() throws Exception {
        PostgresAccess access = LocalPostgres.start(directory, 0).access();
        PostgresAccess guess = new PostgresAccess(access.port(), "postgres", "postgres", "guess");
        assertThatThrownBy(guess::connect).isInstanceOf(SQLException.class).hasMessageContaining("password");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("password"))))
                .isEqualTo("rw-------");
    }

    /** A JVM of its own that has started the server and waits to be killed. */
    private Process starter() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StartAndWait.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("started");
        return process;
    }

    private static void execute(PostgresAccess access, String... statements) throws SQLException {
        try (Connection connection = access.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String query(PostgresAccess access, String sql) throws SQLException {
        try (Connection connection = access.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
