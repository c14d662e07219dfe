package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.shiftadd.inference.Service;
import io.shiftadd.inference.openai.RequestMutations.Mutant;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Twenty thousand requests that are wrong, through the real port: each is refused, none harms. Seeded, so repeatable.
 */
class RequestFuzzTest {

    private static final int REFUSED = 20_000;
    private static final int THREADS = 4;
    private static final int MAX_WRONG = 5;

    /** Enough for caches, pools and compiled code to reach their size. */
    private static final int BEFORE_MEASURING = 3_000;

    private static final long MAX_HEAP_GROWTH = 24L << 20;
    private static final long MAX_MORE_DESCRIPTORS = 24;

    private static Service service;

    @BeforeAll
    static void start() {
        // Keys and values of prompts are kept for reuse up to this, which is no leak and would hide one.
        service = new Service("logging.level.root=error", "shiftadd.inference.cache-bytes=8MB");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** What came back, counted by status; the first ones that must not be. */
    private static final class Tally {
        private final AtomicInteger refused = new AtomicInteger();
        private final Map<Integer, AtomicInteger> byStatus = new ConcurrentHashMap<>();
        private final List<String> wrong = new ArrayList<>();

        private void count(Mutant mutant, HttpResponse<String> response) {
            byStatus.computeIfAbsent(response.statusCode(), status -> new AtomicInteger())
                    .incrementAndGet();
            if (response.statusCode() >= 400 && response.statusCode() < 500) {
                refused.incrementAndGet();
            }
            String fault = fault(mutant.request(), response);
            if (fault != null) {
                complain(fault + ": " + mutant + " -> " + response.statusCode() + " " + response.body());
            }
        }

        private synchronized void complain(String text) {
            if (wrong.size() < MAX_WRONG) {
                wrong.add(text.length() <= 3_000 ? text : text.substring(0, 3_000));
            }
        }

        private synchronized boolean isGood() {
            return wrong.size() < MAX_WRONG;
        }
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void refusesEverythingThatIsWrongAndStaysAsItWas() {
        Tally tally = new Tally();
        long start = System.nanoTime();
        long heap;
        long descriptors;
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            send(client, 1, BEFORE_MEASURING, tally);
            heap = heap();
            descriptors = descriptors();
            send(client, 2, REFUSED, tally);
            System.out.printf(
                    "fuzz: %d s, answers by status %s, heap %+d bytes, file descriptors %+d%n",
                    (System.nanoTime() - start) / 1_000_000_000,
                    tally.byStatus,
                    heap() - heap,
                    descriptors() - descriptors);
            assertThat(tally.wrong).isEmpty();
            assertThat(descriptors() - descriptors).as("more file descriptors").isLessThan(MAX_MORE_DESCRIPTORS);
            assertThat(heap() - heap).as("heap growth").isLessThan(MAX_HEAP_GROWTH);
        }
        Service.Answer good =
                service.post("/v1/completions", Map.of("model", "llama-mini", "prompt", "Once", "max_tokens", 2));
        assertThat(good.status()).isEqualTo(200);
    }

    /** Goes on until so many more were refused, or one was not answered as it should be. */
    private static void send(HttpClient client, long seed, int refused, Tally tally) {
        int goal = tally.refused.get() + refused;
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int i = 0; i < THREADS; i++) {
                RequestMutations mutations = new RequestMutations(seed * 1_000 + i);
                threads.submit(() -> {
                    while (tally.refused.get() < goal && tally.isGood()) {
                        send(client, mutations.next(service.url()), tally);
                    }
                });
            }
        }
    }

    private static void send(HttpClient client, Mutant mutant, Tally tally) {
        try {
            tally.count(mutant, client.send(mutant.request(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            tally.complain("no answer (" + e + "): " + mutant);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is wrong with an answer; null when nothing is. */
    private static String fault(HttpRequest request, HttpResponse<String> response) {
        if (response.statusCode() >= 500 || response.body().contains("internal_error")) {
            return "failed";
        }
        boolean events =
                response.headers().firstValue("content-type").orElse("").startsWith("text/event-stream");
        if (response.statusCode() == 200 && events) {
            return response.body().endsWith("data: [DONE]\n\n") ? null : "ended early";
        }
        if (response.body().isEmpty()) {
            return request.method().equals("OPTIONS") ? null : "empty";
        }
        if (response.statusCode() < 400) {
            return null;
        }
        try {
            JsonNode error = JsonMapper.shared().readTree(response.body()).path("error");
            return error.size() == 4
                            && error.path("message").isString()
                            && error.path("type").isString()
                    ? null
                    : "no error object";
        } catch (JacksonException e) {
            return "no JSON";
        }
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long descriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    /** Requests that are not even HTTP, or end before they are complete. */
    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void survivesConnectionsThatBreakOff() throws IOException {
        Random random = new Random(7);
        long before = descriptors();
        String whole = "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 50\r\n\r\n{\"model\":\"llama-mini\",\"prompt\":\"a\",\"max_tokens\":1}";
        for (int i = 0; i < 300; i++) {
            byte[] bytes = whole.getBytes(StandardCharsets.US_ASCII);
            int length = random.nextInt(bytes.length);
            if (i % 3 == 0) {
                bytes[random.nextInt(length + 1)] = (byte) random.nextInt(256);
            }
            try (Socket socket = new Socket("127.0.0.1", service.port())) {
                socket.setSoTimeout(30_000);
                socket.getOutputStream().write(bytes, 0, length);
                if (i % 2 == 0) {
                    socket.shutdownOutput();
                    assertThat(status(socket.getInputStream())).isLessThan(500);
                }
            }
        }
        assertThat(service.get("/health").status()).isEqualTo(200);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> descriptors() - before < MAX_MORE_DESCRIPTORS);
    }

    /** The status of an answer; 0 when the connection was closed without one. */
    private static int status(InputStream in) throws IOException {
        String answer = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }
}
