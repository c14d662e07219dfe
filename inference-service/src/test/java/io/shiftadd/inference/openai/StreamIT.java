package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.InferenceApplication;
import io.shiftadd.inference.Service;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StreamIT {

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service(SmallBuffers.class, "shiftadd.inference.stream-capacity=20");
    }

    /** The system's buffers hold megabytes, which hide that a reader stalls. */
    @Configuration(proxyBeanMethods = false)
    @Import(InferenceApplication.class)
    static class SmallBuffers {
        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> smallBuffers() {
            return factory ->
                    factory.addConnectorCustomizers(connector -> connector.setProperty("socket.txBufSize", "8192"));
        }
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static List<JsonNode> chunks(Service.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("content-type")).startsWith("text/event-stream");
        List<String> events = answer.events();
        assertThat(events.getLast()).isEqualTo("[DONE]");
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
        List<JsonNode> chunks = new ArrayList<>();
        events.subList(0, events.size() - 1)
                .forEach(event -> chunks.add(JsonMapper.shared().readTree(event)));
        String id = chunks.getFirst().at("/id").stringValue();
        assertThat(chunks).allMatch(chunk -> chunk.at("/id").stringValue().equals(id));
        return chunks;
    }

    @Test
    void streamsACompletionInTheOrderOfTheApi() {
        Map<String, Object> body =
                Map.of("model", "llama-mini", "prompt", "Once upon a time", "max_tokens", 12, "temperature", 0);
        String whole = service.post("/v1/completions", body)
                .json()
                .at("/choices/0/text")
                .stringValue();
        Map<String, Object> streaming = new HashMap<>(body);
        streaming.put("stream", true);
        List<JsonNode> chunks = chunks(service.post("/v1/completions", streaming));
        StringBuilder text = new StringBuilder();
        for (JsonNode chunk : chunks) {
            assertThat(chunk.at("/object").stringValue()).isEqualTo("text_completion");
            assertThat(chunk.has("usage")).isFalse();
            text.append(chunk.at("/choices/0/text").stringValue());
            boolean last = chunk == chunks.getLast();
            assertThat(chunk.at("/choices/0/finish_reason").isNull()).isEqualTo(!last);
        }
        assertThat(text).hasToString(whole);
        assertThat(chunks.getLast().at("/choices/0/finish_reason").stringValue())
                .isEqualTo("length");
    }

    @Test
    void streamsAnAnswerInTheOrderOfTheApi() {
        List<JsonNode> chunks = chunks(service.post(
                "/v1/chat/completions",
                Map.of(
                        "model",
                        "llama-mini",
                        "seed",
                        7,
                        "max_completion_tokens",
                        10,
                        "stream",
                        true,
                        "logprobs",
                        true,
                        "stream_options",
                        Map.of("include_usage", true),
                        "messages",
                        List.of(Map.of("role", "user", "content", "Tell me a story.")))));
        JsonNode first = chunks.getFirst().at("/choices/0");
        assertThat(first.at("/delta/role").stringValue()).isEqualTo("assistant");
        assertThat(first.at("/finish_reason").isNull()).isTrue();
        JsonNode usage = chunks.getLast();
        assertThat(usage.at("/choices").isEmpty()).isTrue();
        assertThat(usage.at("/usage/total_tokens").intValue()).isPositive();
        JsonNode end = chunks.get(chunks.size() - 2).at("/choices/0");
        assertThat(end.at("/delta").isEmpty()).isTrue();
        assertThat(end.at("/finish_reason").stringValue()).isIn("length", "stop");
        for (JsonNode chunk : chunks.subList(0, chunks.size() - 1)) {
            assertThat(chunk.at("/object").stringValue()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.has("usage") && chunk.at("/usage").isNull()).isTrue();
        }
        for (JsonNode chunk : chunks.subList(1, chunks.size() - 2)) {
            assertThat(chunk.at("/choices/0/delta").propertyNames()).containsExactly("content");
            assertThat(chunk.at("/choices/0/logprobs/content").isEmpty()).isFalse();
        }
    }

    @Test
    void streamsEveryChoiceOfEveryPromptWithItsEcho() {
        List<JsonNode> chunks = chunks(service.post(
                "/v1/completions",
                Map.of(
                        "model",
                        "llama-mini",
                        "prompt",
                        List.of("Once", "Twice"),
                        "max_tokens",
                        4,
                        "n",
                        2,
                        "echo",
                        true,
                        "stream",
                        true)));
        for (int i = 0; i < 4; i++) {
            int index = i;
            List<JsonNode> own = chunks.stream()
                    .map(chunk -> chunk.at("/choices/0"))
                    .filter(choice -> choice.at("/index").intValue() == index)
                    .toList();
            assertThat(own.getFirst().at("/text").stringValue()).isEqualTo(i < 2 ? "Once" : "Twice");
            assertThat(own.getLast().at("/finish_reason").isNull()).isFalse();
        }
    }

    @Test
    void refusesBeforeTheFirstByte() {
        Service.Answer answer = service.post(
                "/v1/completions", Map.of("model", "llama-mini", "prompt", "a", "max_tokens", 5_000, "stream", true));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().at("/code").stringValue()).isEqualTo("context_length_exceeded");
    }

    private static double metric(String name) {
        return metric(service, name);
    }

    static double metric(Service service, String name) {
        return service.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static Socket send(String path, String body) throws IOException {
        Socket socket = new Socket();
        // Small, so that a reader that stalls is noticed before megabytes are under way.
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress("127.0.0.1", service.port()));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream()
                .write(("POST " + path
                                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                                + bytes.length + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return socket;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void freesEverythingWithinASecondWhenTheClientGoes(boolean stream) throws IOException {
        Duration quickest = Duration.ofDays(1);
        // A machine that is busy with something else may be late once; the service itself must not be.
        for (int attempt = 0; attempt < 4 && quickest.compareTo(Duration.ofSeconds(1)) > 0; attempt++) {
            try (Socket socket = send(24, stream)) {
                awaitRunning(24);
                assertThat(metric("shiftadd_kv_cache_bytes")).isPositive();
                if (stream) {
                    assertThat(socket.getInputStream().read()).isEqualTo('H');
                }
            }
            long gone = System.nanoTime();
            awaitRunning(0);
            Duration taken = Duration.ofNanos(System.nanoTime() - gone);
            quickest = taken.compareTo(quickest) < 0 ? taken : quickest;
            assertThat(metric("shiftadd_kv_cache_bytes")).isZero();
        }
        assertThat(quickest).isLessThan(Duration.ofSeconds(1));
    }

    private static Socket send(int choices, boolean stream) throws IOException {
        return send(
                "/v1/completions",
                "{\"model\":\"opt-mini\",\"prompt\":\"Once\",\"max_tokens\":500,\"n\":" + choices
                        + ",\"logit_bias\":{\"2\":-100},\"logprobs\":5,\"stream\":" + stream + "}");
    }

    private static void awaitRunning(int sequences) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(120))
                .until(() -> metric("shiftadd_running_sequences") == sequences);
    }

    @Test
    void aReaderThatStallsDoesNotSlowOthers() throws IOException {
        try (Socket stalled = send(4, true)) {
            awaitRunning(4);
            AtomicReference<Double> before = new AtomicReference<>(-1.0);
            Awaitility.await()
                    .pollInterval(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(120))
                    .until(() -> before.getAndSet(metric("shiftadd_generated_tokens_total"))
                            == metric("shiftadd_generated_tokens_total"));
            assertThat(metric("shiftadd_running_sequences")).isEqualTo(4);
            Service.Answer other = service.post(
                    "/v1/completions",
                    Map.of("model", "opt-mini", "prompt", "Two", "max_tokens", 50, "temperature", 0));
            assertThat(other.status()).isEqualTo(200);
            assertThat(stalled.isConnected()).isTrue();
        }
        awaitRunning(0);
    }
}
