package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Service;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;

/** Large requests cost those who send them, and nobody else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestsBesideLargeOnesIT {

    private final Service service = new Service("shiftadd.inference.cache-bytes=64MB");

    @AfterAll
    void stop() {
        service.close();
    }

    private static String tokenize(int length) {
        return JsonMapper.shared().writeValueAsString(Map.of("model", "llama-mini", "prompt", "ab".repeat(length / 2)));
    }

    private static long workers(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .count();
    }

    @Test
    void manyLargeTextsAreTokenizedByFewThreads() {
        List<CompletableFuture<Service.Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            answers.add(CompletableFuture.supplyAsync(
                    () -> service.post("/tokenize", tokenize(200_000)), Thread::startVirtualThread));
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> workers("large-requests") > 0);
        assertThat(service.get("/health").status()).isEqualTo(200);
        assertThat(workers("large-requests"))
                .isLessThanOrEqualTo(Math.max(2, Runtime.getRuntime().availableProcessors() / 2));
        answers.forEach(answer -> assertThat(answer.join().status()).isIn(200, 503));
        assertThat(answers.stream().map(answer -> answer.join().status())).contains(200);
    }

    @Test
    void aClientThatHasGoneIsNotWorkedForAnyMore() throws IOException {
        byte[] body = tokenize(4_000_000).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 6; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
                send(socket, body);
                socket.setSoLinger(true, 0);
            }
        }
        // Six of them would take many times as long as one does.
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> Thread.getAllStackTraces().entrySet().stream()
                        .filter(thread -> thread.getKey().getName().equals("large-requests"))
                        .noneMatch(thread -> stack(thread.getValue()).contains("TextEncoder")));
        assertThat(service.post("/tokenize", tokenize(100)).status()).isEqualTo(200);
    }

    private static String stack(StackTraceElement[] elements) {
        return List.of(elements).stream().map(StackTraceElement::getClassName).collect(Collectors.joining(" "));
    }

    @Test
    void aClientThatClosesItsSendingHalfIsAnswered() throws IOException {
        byte[] body = tokenize(1_000_000).getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            send(socket, body);
            socket.shutdownOutput();
            socket.setSoTimeout(60_000);
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).contains("HTTP/1.1 200", "\"count\":");
        }
    }

    private static void send(Socket socket, byte[] body) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(("POST /tokenize HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Connection: close\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
    }

    @Test
    void memoryThatIsTakenIsRefusedByNameAndGivenBack() {
        try (Service small = new Service(
                "shiftadd.inference.cache-bytes=64MB", "shiftadd.inference.request-bytes=" + (1 << 20) + "B")) {
            Service.Answer large = small.post("/tokenize", tokenize(400_000));
            assertThat(large.status()).as(large.body()).isEqualTo(413);
            assertThat(large.error().at("/code").stringValue()).isEqualTo("request_too_large");
            assertThat(large.error().at("/message").stringValue()).contains("heap");
            for (int i = 0; i < 50; i++) {
                assertThat(small.post("/tokenize", tokenize(30_000)).status()).isEqualTo(200);
            }
        }
    }
}
