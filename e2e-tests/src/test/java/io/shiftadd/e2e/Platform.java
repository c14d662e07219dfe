package io.shiftadd.e2e;

import io.shiftadd.cli.stack.LocalStack;
import io.shiftadd.cli.stack.Service;
import io.shiftadd.cli.stack.StackListener;
import io.shiftadd.cli.stack.StackSettings;
import io.shiftadd.registry.hub.HubServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The platform of this test run: started when the first test asks for it, on free ports and with an empty data
 * directory below {@code target}, and taken down when the JVM ends. Its logs stay for reading.
 */
final class Platform {

    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final Path DATA = Path.of("target", "platform").toAbsolutePath();

    private static @Nullable Platform running;

    private final LocalStack stack;
    private final TraceCollector traces;
    private final HubServer hub;

    private Platform(LocalStack stack, TraceCollector traces, HubServer hub) {
        this.stack = stack;
        this.traces = traces;
        this.hub = hub;
    }

    /** The running platform; starts it when it is the first to ask. */
    static synchronized Platform get() {
        if (running == null) {
            TraceCollector traces = new TraceCollector();
            int port = freePorts(1).getFirst();
            HubServer hub = HubServer.start(port, port);
            LocalStack stack = new LocalStack(settings(traces, hub), new Report());
            try {
                // A run that was killed may have left its processes behind.
                stack.down();
                clear();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> takeDown(stack), "take-platform-down"));
                stack.up();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the platform was starting", e);
            }
            running = new Platform(stack, traces, hub);
        }
        return running;
    }

    String url(Service service) {
        return stack.url(service);
    }

    /**
     * What the services tell of what they do: traces are on here, a second platform without them would cost a minute.
     */
    TraceCollector traces() {
        return traces;
    }

    /** Where its registry imports models from. */
    HubServer hub() {
        return hub;
    }

    /** Where the services keep what they have. */
    Path data() {
        return DATA;
    }

    /** Ends a service as a power failure would. */
    void kill(Service service) {
        ProcessHandle process = stack.process(service)
                .orElseThrow(() -> new IllegalStateException(service.shortName() + " does not run"));
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Starts a service that is not part of every stack. */
    void start(Service optional) throws InterruptedException {
        stack.up(optional);
    }

    /** Ends a service as somebody who no longer needs it would. */
    void stop(Service service) {
        stack.process(service).ifPresent(process -> {
            process.destroy();
            process.onExit().join();
        });
    }

    /** Starts what does not run. */
    void restart() throws InterruptedException {
        stack.up();
    }

    private static StackSettings settings(TraceCollector traces, HubServer hub) {
        List<Integer> free = freePorts(Service.values().length);
        Map<Service, Integer> ports = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            ports.put(service, free.get(service.ordinal()));
        }
        List<String> options = List.of(
                "-Dshiftadd.tracing.enabled=true",
                "-Dshiftadd.tracing.endpoint=" + traces.url(),
                "-Dshiftadd.hub.base-url=http://127.0.0.1:" + hub.port() + "/hub",
                "-Dshiftadd.hub.cache=" + DATA.resolve("hub-cache"));
        return new StackSettings(CHECKOUT, Path.of("target"), DATA, 0, ports, false, options, false);
    }

    private static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Integer> ports =
                    sockets.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps what was taken out of the jars: it lies under checksums. */
    private static void clear() throws IOException {
        if (!Files.exists(DATA)) {
            return;
        }
        List<Path> old;
        try (Stream<Path> files = Files.walk(DATA)) {
            old = files.filter(file -> !file.equals(DATA) && !file.startsWith(DATA.resolve("app")))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        for (Path file : old) {
            Files.delete(file);
        }
    }

    private static void takeDown(LocalStack stack) {
        try {
            stack.down();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is worth a line in the output of a test run. */
    private static final class Report implements StackListener {

        @Override
        public void waiting(List<String> names, double seconds) {}

        @Override
        public void ready(String name, String address, double seconds) {
            System.out.printf("platform: %s at %s after %.1f s%n", name, address, seconds);
        }

        @Override
        public void note(String text) {}
    }
}
