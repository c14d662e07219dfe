package io.shiftadd.quantize.artifact;

import io.shiftadd.store.ObjectStoreSettings;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A real S3-compatible server over a directory, in a process of its own. */
public final class ObjectStorageServer implements AutoCloseable {

    public static final String BUCKET = "models";

    private static final String ACCESS = "test-access";
    private static final String SECRET = "test-secret";

    private final Process process;
    private final URI endpoint;
    private final Path objects;

    private ObjectStorageServer(Process process, URI endpoint, Path objects) {
        this.process = process;
        this.endpoint = endpoint;
        this.objects = objects;
    }

    /** @param directory for the objects and the server's configuration */
    public static ObjectStorageServer start(Path directory) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        URI endpoint = URI.create("http://127.0.0.1:" + port);
        Path objects = Files.createDirectories(directory.resolve("objects"));
        // A bucket of the server's file system is a directory.
        Files.createDirectories(objects.resolve(BUCKET));
        Path configuration =
                Files.writeString(directory.resolve("s3proxy.conf"), """
                s3proxy.authorization=aws-v2-or-v4
                s3proxy.endpoint=%s
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=filesystem-nio2
                jclouds.identity=unused
                jclouds.credential=unused
                jclouds.filesystem.basedir=%s
                """.formatted(endpoint, ACCESS, SECRET, objects));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-jar",
                        jar().toString(),
                        "--properties",
                        configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("s3proxy.log").toFile())
                .start();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> answers(endpoint));
        return new ObjectStorageServer(process, endpoint, objects);
    }

    private static Path jar() {
        Path root = Path.of("").toAbsolutePath();
        while (root != null && !Files.isDirectory(root.resolve("quantize-service"))) {
            root = root.getParent();
        }
        if (root == null) {
            throw new IllegalStateException(
                    "no module 'quantize-service' above " + Path.of("").toAbsolutePath());
        }
        return root.resolve("quantize-service/target/servers/s3proxy.jar");
    }

    private static boolean answers(URI endpoint) {
        try {
            HttpURLConnection connection = (HttpURLConnection) endpoint.toURL().openConnection();
            connection.setConnectTimeout(500);
            return connection.getResponseCode() > 0;
        } catch (IOException notYet) {
            return false;
        }
    }

    public URI endpoint() {
        return endpoint;
    }

    public String accessKey() {
        return ACCESS;
    }

    public String secretKey() {
        return SECRET;
    }

    public ObjectStoreSettings settings(String prefix) {
        return new ObjectStoreSettings(endpoint, null, BUCKET, prefix, ACCESS, SECRET, true);
    }

    /** The file that keeps an object, to damage it. */
    public Path fileOf(String key) {
        return objects.resolve(BUCKET).resolve(key);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
