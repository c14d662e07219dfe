package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Service;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that do not read, that send more than asked for, and that have nothing more to send. */
class ReaderIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service(
                StreamIT.SmallBuffers.class,
                "shiftadd.inference.stream-capacity=64",
                "shiftadd.inference.reader-timeout=4s");
        assertThat(twoTokens()).isLessThan(PATIENCE);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Duration twoTokens() {
        long start = System.nanoTime();
        Service.Answer answer = service.post(
                "/v1/completions", Map.of("model", "llama-mini", "prompt", "hello there", "max_tokens", 2));
        assertThat(answer.status()).isEqualTo(200);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static Socket send(String body, String after) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(2048);
        socket.connect(new InetSocketAddress("127.0.0.1", service.port()));
        socket.setSoTimeout((int) PATIENCE.toMillis());
        String head = "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + body + after).getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return socket;
    }

    private static String body(int maxTokens, int choices, boolean stream) {
        return "{\"model\":\"llama-mini\",\"prompt\":\"Once upon a time\",\"max_tokens\":" + maxTokens + ",\"n\":"
                + choices + ",\"logit_bias\":{\"2\":-100},\"logprobs\":5,\"stream\":" + stream + "}";
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aReaderThatDoesNotReadLosesItsPlaceAndHoldsNobodyUp() throws IOException {
        try (Socket stalled = send(body(480, 128, true), "")) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> StreamIT.metric(service, "shiftadd_running_sequences") > 32);
            for (int i = 0; i < 3; i++) {
                assertThat(twoTokens()).isLessThan(Duration.ofSeconds(2));
            }
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> StreamIT.metric(service, "shiftadd_running_sequences") == 0);
            assertThat(StreamIT.metric(service, "shiftadd_kv_cache_bytes")).isZero();
            assertThat(readAll(stalled))
                    .contains("event: error")
                    .contains("reader_stalled")
                    .doesNotContain("[DONE]");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatClosesItsSendingHalfIsAnsweredInFull(boolean stream) throws IOException {
        try (Socket half = send(body(250, 4, stream), "")) {
            half.shutdownOutput();
            String answer = readAll(half);
            assertThat(answer).startsWith("HTTP/1.1 200");
            assertComplete(answer, stream);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLateByteIsNoReasonNotToAnswer(boolean stream) throws IOException {
        try (Socket late = send(body(250, 4, stream), "\n")) {
            assertComplete(readAll(late), stream);
        }
    }

    private static void assertComplete(String answer, boolean stream) {
        if (stream) {
            assertThat(answer).contains("data: [DONE]");
            assertThat(answer.split("\"finish_reason\":\"length\"", -1)).hasSize(5);
        } else {
            String json = answer.substring(answer.indexOf("\r\n\r\n")).strip();
            assertThat(json).startsWith("{\"id\":").endsWith("}");
            assertThat(json.split("\"finish_reason\":\"length\"", -1)).hasSize(5);
        }
    }

    @Test
    void anErrorReachesAClientThatHasClosedItsSendingHalf() throws IOException {
        try (Socket half = send(body(4_000, 1, false), "")) {
            half.shutdownOutput();
            assertThat(readAll(half)).startsWith("HTTP/1.1 400").contains("context_length_exceeded");
        }
    }
}
