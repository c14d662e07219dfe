package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.e2e.TraceCollector.Span;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With a collector configured, what a person asks can be followed through the services. */
class TracingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MODEL = "traced-model";
    private static final int BLOCKS = 6;

    private static TraceCollector traces;
    private static Registry registry;

    @BeforeAll
    static void start() {
        Platform platform = Platform.get();
        traces = platform.traces();
        registry = new Registry(platform);
        Http.Answer answer =
                registry.http().post("/api/v1/models", "{\"path\": \"opt-mini\", \"name\": \"" + MODEL + "\"}");
        assertThat(answer.status()).as(answer.text()).isIn(200, 201);
    }

    @Test
    void aPromptIsOneTraceFromTheClientThroughTheRegistryAndTheInferenceService() {
        String trace = randomHex(16);
        String client = randomHex(8);
        Http.Answer answer = registry.http()
                .post(
                        "/playground/completions",
                        "{\"model\": \"" + MODEL + "\", \"prompt\": \"Once\", \"max_tokens\": 3, \"stream\": true}",
                        "traceparent",
                        "00-" + trace + "-" + client + "-01");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        Span asked = await(trace, "registry-service", "http post /playground/completions");
        assertThat(asked.parent()).isEqualTo(client);
        Span generated = await(trace, "inference-service", "http post /v1/completions");
        assertThat(generated.parent()).isEqualTo(asked.id());
        assertThat(generated.attributes())
                .containsEntry("gen_ai.request.model", MODEL)
                .containsEntry("gen_ai.usage.output_tokens", "3");
        assertThat(generated.events()).contains("first token");
        // the inference-service has never heard of the model: it asks the registry, in the same trace
        await(trace, "registry-service", "http get /api/v1/models/{model}");
    }

    @Test
    void aJobIsATraceOfItsStepsAndBlocks() {
        String job = registry.submit("""
                {"model": "traced-model", "bits": 2, "samples": 2, "sequenceLength": 16, "evaluationWindows": 1, "rounds": 1}""");
        registry.awaitSuccess(job);
        Predicate<Span> ofJob = span -> job.equals(span.attributes().get("job.id"));
        await(ofJob.and(span -> span.name().equals("http post /api/v1/jobs")));
        await(ofJob.and(span -> span.name().equals("http get /api/v1/jobs/{job}")));
        Span run = await(ofJob.and(span -> span.name().equals("job reparameterize")));
        assertThat(run.service()).isEqualTo("quantize-service");
        assertThat(run.attributes()).containsEntry("job.outcome", "succeeded").containsEntry("job.method", "acc");
        List<Span> parts = traces.of(run.trace()).stream()
                .filter(span -> !span.id().equals(run.id()))
                .toList();
        assertThat(parts)
                .extracting(Span::name)
                .contains("step validate", "step calibrate", "step evaluate", "step publish");
        assertThat(parts).filteredOn(span -> span.name().equals("block")).hasSize(BLOCKS);
        assertThat(parts).allMatch(ofJob);
    }

    @Test
    void probesAreNotTraced() {
        String trace = randomHex(16);
        String parent = "00-" + trace + "-" + randomHex(8) + "-01";
        assertThat(registry.http()
                        .get("/actuator/health", "traceparent", parent)
                        .status())
                .isEqualTo(200);
        assertThat(registry.http().get("/api/v1/jobs", "traceparent", parent).status())
                .isEqualTo(200);
        await(trace, "registry-service", "http get /api/v1/jobs");
        assertThat(traces.of(trace)).hasSize(1);
    }

    private static Span await(String trace, String service, String name) {
        return await(span -> span.trace().equals(trace)
                && span.service().equals(service)
                && span.name().equals(name));
    }

    private static Span await(Predicate<Span> wanted) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> traces.spans.stream().filter(wanted).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    private static String randomHex(int bytes) {
        byte[] random = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
