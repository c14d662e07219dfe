package io.shiftadd.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Tomcat on loopback, with clocks that run fast. */
@Timeout(60)
class WatchedConnectionsTest {

    private static final int FEW = 16;
    private static final int ANSWER_BYTES = 64 << 20;

    @TempDir
    Path directory;

    private final Tomcat tomcat = new Tomcat();
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private final CompletableFuture<IOException> bodyFailure = new CompletableFuture<>();
    private final CompletableFuture<IOException> answerFailure = new CompletableFuture<>();
    private final List<Socket> sockets = new ArrayList<>();

    /** Answers small requests at once, reads bodies, writes more than anybody buffers, and waits when it is told to. */
    private final class Service extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            switch (request.getRequestURI()) {
                case "/body" -> {
                    try {
                        byte[] body = request.getInputStream().readAllBytes();
                        response.getWriter().write("read " + body.length);
                    } catch (IOException e) {
                        bodyFailure.complete(e);
                        throw e;
                    }
                }
                case "/large" -> {
                    try {
                        for (int i = 0; i < ANSWER_BYTES >> 16; i++) {
                            response.getOutputStream().write(new byte[1 << 16]);
                        }
                        response.flushBuffer();
                    } catch (IOException e) {
                        answerFailure.complete(e);
                        throw e;
                    }
                }
                case "/wait" -> {
                    try {
                        mayAnswer.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    response.getWriter().write("waited");
                }
                default -> response.getWriter().write("small");
            }
        }
    }

    private void start(Duration clock) throws LifecycleException {
        start(new ConnectionLimits(2 * FEW, FEW, clock, clock, clock, 1 << 30, Duration.ofMillis(20)));
    }

    private void start(ConnectionLimits limits) throws LifecycleException {
        tomcat.setBaseDir(directory.toString());
        Connector connector = new Connector(ConnectionLimits.PROTOCOL);
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.getProtocolHandler().setExecutor(new VirtualThreadExecutor("test-"));
        limits.apply(connector);
        tomcat.setConnector(connector);
        var context = tomcat.addContext("", directory.toString());
        Tomcat.addServlet(context, "service", new Service());
        context.addServletMappingDecoded("/*", "service");
        tomcat.start();
    }

    @AfterEach
    void stop() throws LifecycleException, IOException {
        mayAnswer.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        tomcat.stop();
        tomcat.destroy();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 << 10);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress("127.0.0.1", tomcat.getConnector().getLocalPort()));
        sockets.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    }

    /** All that comes until the connection ends, however it does. */
    private static String rest(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] some = new byte[1 << 16];
        try {
            InputStream in = socket.getInputStream();
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                all.write(some, 0, count);
            }
        } catch (SocketException e) {
            // Reset, which is an end, too.
        }
        return all.toString(StandardCharsets.US_ASCII);
    }

    /** One after the other, until nobody takes them. */
    private static void drip(Socket socket, String text) {
        try {
            for (char c : text.toCharArray()) {
                send(socket, String.valueOf(c));
                Thread.sleep(20);
            }
        } catch (IOException e) {
            // Which is what is wanted.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void inBackground(Runnable work) {
        Thread.ofVirtual().start(work);
    }

    private String answered() throws IOException {
        try (Socket socket = connect()) {
            send(socket, get("/"));
            return rest(socket);
        }
    }

    @Test
    void headersThatDripEndTheConnectionHoweverOftenAByteComes() throws Exception {
        start(Duration.ofMillis(300));
        Socket socket = connect();
        inBackground(() -> drip(socket, "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(4_000)));
        assertThat(rest(socket)).isEmpty();
        assertThat(answered()).contains("small");
    }

    @Test
    void aBodyThatDripsIsTimedOutHoweverOftenAByteComes() throws Exception {
        start(Duration.ofMillis(300));
        Socket socket = connect();
        send(socket, "POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");
        inBackground(() -> drip(socket, "a".repeat(4_000)));
        // What the service makes of it comes back.
        assertThat(rest(socket)).startsWith("HTTP/1.1 4");
        assertThat(bodyFailure.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("the client sends too slowly");
    }

    @Test
    void aBodyThatKeepsThePaceIsReadHoweverLongItTakes() throws Exception {
        start(new ConnectionLimits(
                FEW,
                FEW,
                Duration.ofSeconds(9),
                Duration.ofMillis(300),
                Duration.ofSeconds(9),
                1_000,
                Duration.ofMillis(20)));
        Socket socket = connect();
        send(socket, "POST /body HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 10000\r\n\r\n");
        for (int i = 0; i < 20; i++) {
            send(socket, "a".repeat(500));
            Thread.sleep(50);
        }
        assertThat(rest(socket)).startsWith("HTTP/1.1 200").endsWith("read 10000");
    }

    @Test
    void anAnswerThatNobodyReadsIsGivenUp() throws Exception {
        start(Duration.ofMillis(300));
        Socket socket = connect();
        send(socket, get("/large"));
        assertThat(answerFailure.get(20, TimeUnit.SECONDS)).hasRootCauseMessage("the client reads too slowly");
        assertThat(rest(socket).length()).isLessThan(ANSWER_BYTES);
        assertThat(answered()).contains("small");
    }

    @Test
    void anAnswerThatIsReadComesWhole() throws Exception {
        start(Duration.ofSeconds(20));
        Socket socket = connect();
        send(socket, get("/large"));
        assertThat(rest(socket).length()).isGreaterThan(ANSWER_BYTES);
    }

    @Test
    void idleAndDrippingConnectionsGiveWayToNewOnes() throws Exception {
        start(Duration.ofMinutes(1));
        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < 10 * FEW; i++) {
            Socket socket = connect();
            if (i % 3 == 0) {
                send(socket, "GET / HTTP/1.1\r\nHost: loc");
            }
            idle.add(socket);
            // Those that have just come are no idlers yet.
            Thread.sleep(20);
        }
        assertThat(answered()).contains("small");
        assertThat(rest(idle.getFirst())).isEmpty();
    }

    @Test
    void connectionsThatDripBodiesOrDoNotReadGiveWayToo() throws Exception {
        start(Duration.ofMinutes(1));
        for (int i = 0; i < FEW; i++) {
            send(
                    connect(),
                    i % 2 == 0
                            ? get("/large")
                            : "POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\na");
        }
        assertThat(answered()).contains("small");
    }

    @Test
    void aRequestThatIsWorkedOnNeverGivesWay() throws Exception {
        start(Duration.ofMillis(300));
        List<Socket> working = new ArrayList<>();
        for (int i = 0; i < FEW; i++) {
            Socket socket = connect();
            send(socket, get("/wait"));
            working.add(socket);
        }
        // There are as many as may be, and the next one is told so by its end.
        assertThat(answered()).isEmpty();
        Thread.sleep(500);
        mayAnswer.countDown();
        for (Socket socket : working) {
            assertThat(rest(socket)).endsWith("waited");
        }
        assertThat(answered()).contains("small");
    }

    @Test
    void aConnectionThatIsKeptIsUsedAgainAndAgain() throws Exception {
        start(Duration.ofMillis(200));
        Socket socket = connect();
        for (int i = 0; i < 20; i++) {
            send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            byte[] some = new byte[1_000];
            int count = socket.getInputStream().read(some);
            assertThat(new String(some, 0, count, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 200");
            Thread.sleep(30);
        }
    }
}
