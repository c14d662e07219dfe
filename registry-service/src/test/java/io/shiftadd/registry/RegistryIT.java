package io.shiftadd.registry;

import io.shiftadd.postgres.EphemeralPostgres;
import io.shiftadd.postgres.PostgresAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.util.FileSystemUtils;

/** The whole service on a port of its own over a real PostgreSQL; all subclasses share one. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
public abstract class RegistryIT {

    /** An allowed root that tests may write to. */
    protected static final Path ROOT = temporaryDirectory();

    /** The sample models of the project. */
    protected static final Path SAMPLES =
            Path.of("..", "samples").toAbsolutePath().normalize();

    private static final int HUB_PORT = freePort();
    private static final int HUB_STORE_PORT = freePort();

    private static final PostgresAccess DATABASE = EphemeralPostgres.newDatabase();

    @Autowired
    protected JdbcClient jdbc;

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.datasource.url", DATABASE::jdbcUrl);
        registry.add("spring.datasource.username", DATABASE::username);
        registry.add("spring.datasource.password", DATABASE::password);
        registry.add("shiftadd.data-directory", () -> ROOT.resolve("data").toString());
        registry.add("shiftadd.models.roots", () -> SAMPLES + "," + ROOT);
        registry.add("shiftadd.jobs.keep-alive", () -> "300ms");
        registry.add("shiftadd.hub.base-url", () -> "http://127.0.0.1:" + HUB_PORT + "/hub");
        registry.add("shiftadd.hub.redirects", () -> "http://127.0.0.1:" + HUB_STORE_PORT);
        registry.add("shiftadd.hub.cache", () -> ROOT.resolve("hf-cache").toString());
        registry.add("shiftadd.hub.offline", () -> "false");
        registry.add("shiftadd.hub.token", () -> "hub-token");
        registry.add("shiftadd.hub.attempts", () -> "3");
        registry.add("shiftadd.hub.max-model-size", () -> "16MB");
        // nobody answers there
        registry.add("shiftadd.inference-url", () -> "http://127.0.0.1:9");
        registry.add("shiftadd.hub.pause", () -> "10ms");
        registry.add("shiftadd.responses.keep-for", () -> "1h");
        registry.add("shiftadd.responses.max-size", () -> "20KB");
        registry.add("shiftadd.responses.max-size-per-key", () -> "50KB");
        registry.add("shiftadd.texts.max-size", () -> "6MB");
    }

    protected Api api() {
        return new Api("http://127.0.0.1:" + port);
    }

    /** A model that only the database knows. */
    protected UUID insertModel(String name) {
        return jdbc.sql("""
                insert into registry.model (name, family, kind, location, digest, parameters, size_bytes, shape)
                values (:name, 'llama', 'ORIGINAL', '/nowhere', :digest, 1000, 2000,
                    '{"hiddenSize": 64, "layers": 2, "heads": 4, "kvHeads": 2, "headDim": 16, "intermediateSize": 128,
                      "vocabularySize": 256, "contextLength": 512, "dtype": "F16"}')
                returning id""")
                .param("name", name)
                .param("digest", "0".repeat(64))
                .query(UUID.class)
                .single();
    }

    /** Where the service expects a Hub-style server; a test may start one there. */
    protected static int hubPort() {
        return HUB_PORT;
    }

    /** Where that server may redirect to. */
    protected static int hubStorePort() {
        return HUB_STORE_PORT;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporaryDirectory() {
        try {
            Path directory = Files.createTempDirectory("shiftadd-registry-it");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            return directory.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
