package io.shiftadd.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** A server that closes connections as real ones do when they were idle: at the moment that they are used again. */
class ApiKeyDirectoryTest {

    private static final String ANSWER =
            "{\"id\":\"1\",\"name\":\"laptop\",\"scopes\":[\"inference\"],\"requestsPerMinute\":null}";

    private final AtomicReference<Duration> now = new AtomicReference<>(Duration.ZERO);
    private final AtomicInteger asked = new AtomicInteger();

    /** The status that {@link #answerAsSaid} answers with. */
    private final AtomicReference<String> said = new AtomicReference<>("200 OK");

    private ServerSocket server;
    private ApiKeyDirectory keys;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        RestClient registry = RestClient.builder()
                .baseUrl("http://127.0.0.1:" + server.getLocalPort())
                .requestFactory(new JdkClientHttpRequestFactory(http))
                .build();
        keys = new ApiKeyDirectory(registry, () -> now.get().toNanos());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** @param answered how many requests each connection answers before it closes at the next */
    private void serve(List<Integer> answered) {
        Thread.startVirtualThread(() -> {
            try {
                for (int count : answered) {
                    try (Socket socket = server.accept()) {
                        BufferedReader in = new BufferedReader(
                                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                        for (int i = 0; i <= count && readRequest(in); i++) {
                            if (i < count) {
                                asked.incrementAndGet();
                                String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
                                socket.getOutputStream()
                                        .write((head + ANSWER.length() + "\r\n\r\n" + ANSWER)
                                                .getBytes(StandardCharsets.US_ASCII));
                            }
                        }
                    }
                }
            } catch (IOException e) {
                // The test has ended.
            }
        });
    }

    /** Each connection has one answer, of the status as it is then, and is closed. */
    private void answerAsSaid() {
        Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    try (Socket socket = server.accept()) {
                        BufferedReader in = new BufferedReader(
                                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                        readRequest(in);
                        String head =
                                "HTTP/1.1 " + said.get() + "\r\nConnection: close\r\nContent-Type: application/json"
                                        + "\r\nContent-Length: " + ANSWER.length() + "\r\n\r\n";
                        socket.getOutputStream().write((head + ANSWER).getBytes(StandardCharsets.US_ASCII));
                        socket.shutdownOutput();
                        // What is left of a body in chunks: a socket that is closed before it is read is reset.
                        in.transferTo(Writer.nullWriter());
                    }
                }
            } catch (IOException e) {
                // The test has ended.
            }
        });
    }

    private static boolean readRequest(BufferedReader in) throws IOException {
        int length = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
            if (line.isEmpty()) {
                return in.skip(length) == length;
            }
        }
        return false;
    }

    @Test
    void asksAgainOnAnIdleConnectionThatWasClosed() {
        serve(List.of(1, 1));
        assertThat(keys.find("sk-one")).map(ApiKey::name).contains("laptop");
        assertThat(keys.find("sk-two")).map(ApiKey::name).contains("laptop");
    }

    @Test
    void givesUpOnARegistryThatOnlyCloses() {
        serve(List.of(0, 0, 0, 0));
        assertThatThrownBy(() -> keys.find("sk-one")).isInstanceOf(KeysUnavailableException.class);
    }

    @Test
    void keepsWhatWasValidWhileTheRegistryIsAway() throws IOException {
        serve(List.of(1));
        assertThat(keys.find("sk-one")).isPresent();
        server.close();
        now.set(Duration.ofMinutes(9));
        assertThat(keys.find("sk-one")).isPresent();
        assertThatThrownBy(() -> keys.find("sk-two")).isInstanceOf(KeysUnavailableException.class);
    }

    @Test
    void isNotTrustedForEverWhileTheRegistryIsAway() throws IOException {
        serve(List.of(1));
        assertThat(keys.find("sk-one")).isPresent();
        server.close();
        now.set(Duration.ofMinutes(11));
        assertThatThrownBy(() -> keys.find("sk-one")).isInstanceOf(KeysUnavailableException.class);
    }

    /** It is called by a name that is not its own, at another server's address, or too often: it has not looked. */
    @ParameterizedTest
    @ValueSource(strings = {"403 Forbidden", "404 Not Found", "405 Method Not Allowed", "429 Too Many", "302 Found"})
    void aRegistryThatDidNotLookAtTheKeyHasNotRefusedIt(String status) {
        answerAsSaid();
        assertThat(keys.find("sk-one")).isPresent();
        said.set(status);
        now.set(Duration.ofSeconds(31));
        assertThat(keys.find("sk-one")).isPresent();
        assertThatThrownBy(() -> keys.find("sk-two"))
                .isInstanceOf(KeysUnavailableException.class)
                .hasMessageContaining(status.substring(0, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"401 Unauthorized", "400 Bad Request"})
    void aKeyThatTheRegistryRefusesIsNotValidFromThenOn(String status) {
        answerAsSaid();
        assertThat(keys.find("sk-one")).isPresent();
        said.set(status);
        now.set(Duration.ofSeconds(31));
        assertThat(keys.find("sk-one")).isEmpty();
    }

    @Test
    void asksAgainWhenAnAnswerIsOld() {
        serve(List.of(1, 1));
        assertThat(keys.find("sk-one")).isPresent();
        now.set(Duration.ofSeconds(29));
        assertThat(keys.find("sk-one")).isPresent();
        assertThat(asked).hasValue(1);
        now.set(Duration.ofSeconds(31));
        assertThat(keys.find("sk-one")).isPresent();
        assertThat(asked).hasValue(2);
    }
}
