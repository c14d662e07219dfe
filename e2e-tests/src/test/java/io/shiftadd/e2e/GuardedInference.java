package io.shiftadd.e2e;

import io.shiftadd.cli.stack.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A second inference-service beside the platform's, which asks for API keys as it would off loopback. */
final class GuardedInference implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(90);

    private final Process process;
    private final String url;

    private GuardedInference(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    static GuardedInference start() {
        try {
            int port = freePort();
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--add-modules=jdk.incubator.vector",
                            "--enable-native-access=ALL-UNNAMED",
                            "-jar",
                            jar().toString(),
                            "--server.port=" + port,
                            "--shiftadd.registry-url=" + Platform.get().url(Service.REGISTRY),
                            "--shiftadd.inference.access.api-keys=required"))
                    .redirectErrorStream(true)
                    .redirectOutput(Path.of("target", "guarded-inference.log").toFile())
                    .start();
            GuardedInference started = new GuardedInference(process, "http://127.0.0.1:" + port);
            Awaitility.await("health of the second inference-service")
                    .atMost(START)
                    .ignoreExceptionsMatching(AssertionError.class::isInstance)
                    .until(() -> new Http(started.url).get("/health").status() == 200);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "inference-service", "target"))) {
            return files.filter(file -> file.toString().endsWith("-exec.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    String url() {
        return url;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
