package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Many at once, and more than there is room for. How fast it is, a benchmark measures; here nothing may go wrong. */
class LoadIT {

    private static final Executor THREADS = Thread::startVirtualThread;
    private static final int STREAMS = 32;
    private static final int PROMPT = 128;
    private static final int TOKENS = 32;

    /** The promise is 100 ms on a machine that does nothing else; tests share theirs. */
    private static final Duration REFUSED_WITHIN = Duration.ofMillis(500);

    private static Map<String, Object> body(String model, int[] prompt, int maxTokens) {
        return Map.of(
                "model",
                model,
                "prompt",
                prompt,
                "max_tokens",
                maxTokens,
                "temperature",
                0,
                "logit_bias",
                Map.of("2", -100),
                "stream",
                true);
    }

    private record Timed(long firstTokenNanos, int events) {}

    private static Timed readAll(EventReader stream, long start) {
        assertThat(stream.status()).isEqualTo(200);
        String event = stream.await("data: ");
        long first = System.nanoTime() - start;
        int events = 0;
        while (!event.equals("data: [DONE]")) {
            JsonNode chunk = JsonMapper.shared().readTree(event.substring("data: ".length()));
            assertThat(chunk.has("error")).as(event).isFalse();
            events++;
            event = stream.await("data: ");
        }
        return new Timed(first, events);
    }

    @Test
    void thirtyTwoStreamsTogetherAllEndWell() {
        try (Service service = new Service()) {
            for (String when : List.of("right after the start, loading included", "again")) {
                long[] first = firstTokens(service, when.hashCode());
                System.out.printf(
                        "32 streams %s: time to first token: median %d ms, worst %d ms%n",
                        when, first[STREAMS / 2] / 1_000_000, first[STREAMS - 1] / 1_000_000);
            }
        }
    }

    /** Nanoseconds to the first token of each stream, the quickest first. */
    private static long[] firstTokens(Service service, long seed) {
        List<CompletableFuture<Timed>> answers = new ArrayList<>();
        Random random = new Random(seed);
        long start = System.nanoTime();
        for (int i = 0; i < STREAMS; i++) {
            // All different from the first tokens on: nothing to share between them.
            int[] prompt = random.ints(PROMPT, 300, 2_000).toArray();
            Object body = body("llama-mini", prompt, TOKENS);
            answers.add(CompletableFuture.supplyAsync(
                    () -> {
                        try (EventReader stream = EventReader.post(service.port(), "/v1/completions", body)) {
                            return readAll(stream, start);
                        }
                    },
                    THREADS));
        }
        assertThat(answers).allMatch(answer -> answer.join().events() > 1);
        return answers.stream()
                .mapToLong(answer -> answer.join().firstTokenNanos())
                .sorted()
                .toArray();
    }

    @Test
    void whatIsTooMuchIsTurnedAwayAtOnceWhileOthersGoOn() {
        try (Service service = new Service("shiftadd.inference.max-sequences=4", "shiftadd.inference.max-waiting=4")) {
            int[] prompt = {5, 6, 7};
            assertThat(service.post("/tokenize", Map.of("model", "opt-mini", "prompt", "warm"))
                            .status())
                    .isEqualTo(200);
            AtomicInteger events = new AtomicInteger();
            List<CompletableFuture<Void>> running = new ArrayList<>();
            List<EventReader> waiting = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    EventReader stream =
                            EventReader.post(service.port(), "/v1/completions", body("opt-mini", prompt, 500));
                    assertThat(stream.status()).isEqualTo(200);
                    stream.await("data: ");
                    running.add(CompletableFuture.runAsync(() -> count(stream, events), THREADS));
                }
                for (int i = 0; i < 4; i++) {
                    waiting.add(EventReader.post(service.port(), "/v1/completions", body("opt-mini", prompt, 20)));
                    assertThat(waiting.getLast().status()).isEqualTo(200);
                }
                long[] nanos = new long[20];
                int before = events.get();
                for (int i = 0; i < nanos.length; i++) {
                    long start = System.nanoTime();
                    Service.Answer answer = service.post("/v1/completions", body("opt-mini", prompt, 2));
                    nanos[i] = System.nanoTime() - start;
                    assertThat(answer.status()).isEqualTo(429);
                    assertThat(answer.error().at("/code").stringValue()).isEqualTo("queue_full");
                    assertThat(Integer.parseInt(answer.header("retry-after"))).isPositive();
                }
                Arrays.sort(nanos);
                System.out.printf(
                        "overload: turned away after median %d ms, worst %d ms%n",
                        nanos[nanos.length / 2] / 1_000_000, nanos[nanos.length - 1] / 1_000_000);
                assertThat(nanos[nanos.length - 1]).isLessThan(REFUSED_WITHIN.toNanos());
                assertThat(events.get()).as("events meanwhile").isGreaterThan(before);
                running.forEach(CompletableFuture::join);
                waiting.forEach(stream -> stream.await("data: [DONE]"));
            } finally {
                waiting.forEach(EventReader::close);
            }
        }
    }

    private static void count(EventReader stream, AtomicInteger events) {
        try (stream) {
            while (!stream.await("data: ").equals("data: [DONE]")) {
                events.incrementAndGet();
            }
        }
    }
}
