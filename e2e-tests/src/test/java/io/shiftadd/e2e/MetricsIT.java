package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.cli.stack.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What dashboards and alerts ask for is measured, and says what happened. */
class MetricsIT {

    private static final Path OPERATIONS = Path.of("..", "docs", "operations");

    /** A metric's name wherever it is written. */
    private static final Pattern NAME =
            Pattern.compile("\\b(?:shiftadd|http_server|jvm|process|hikaricp|disk)_[a-z0-9_]+");

    private static final Map<Service, String> SCRAPED = new EnumMap<>(Service.class);
    private static final int TOKENS = 5;

    private static double generatedBefore;

    @BeforeAll
    static void makeTraffic() {
        Platform platform = Platform.get();
        Registry registry = new Registry(platform);
        registry.importSample("opt-mini");
        registry.awaitSuccess(registry.submit("""
                {"model": "opt-mini", "method": "lat", "bits": 2, "samples": 2, "sequenceLength": 16, "evaluationWindows": 1,
                 "rounds": 1, "tune": {"steps": 1}}"""));
        Http inference = new Http(platform.url(Service.INFERENCE));
        // other tests may have been here
        generatedBefore = generated(inference.get("/actuator/prometheus").text());
        Http.Answer answer = inference.post(
                "/v1/completions", "{\"model\": \"opt-mini\", \"prompt\": \"Once\", \"max_tokens\": " + TOKENS + "}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        for (Service service : List.of(Service.REGISTRY, Service.QUANTIZE, Service.INFERENCE)) {
            SCRAPED.put(
                    service,
                    new Http(platform.url(service)).get("/actuator/prometheus").text());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"operations/grafana-dashboard.json", "operations/alerts.yml", "operations.md"})
    void whatIsAskedForExists(String file) throws IOException {
        Set<String> asked = names(Files.readString(OPERATIONS.resolveSibling(file)));
        assertThat(asked).isNotEmpty();
        Set<String> there = SCRAPED.values().stream()
                .flatMap(text -> names(text).stream())
                .collect(Collectors.toCollection(HashSet::new));
        // a family is named without the parts that it is stored in
        Set<String> missing = new TreeSet<>(asked);
        missing.removeIf(name -> there.contains(name) || there.contains(name + "_count"));
        assertThat(missing).as("names in " + file + " that no service has").isEmpty();
    }

    @Test
    void everyDashboardPanelAsksForSomething() throws IOException {
        Matcher expressions = Pattern.compile("\"expr\":\\s*\"((?:[^\"\\\\]|\\\\.)*)\"")
                .matcher(Files.readString(OPERATIONS.resolve("grafana-dashboard.json")));
        assertThat(expressions.results().toList())
                .hasSizeGreaterThan(15)
                .allSatisfy(expression -> assertThat(names(expression.group(1))).isNotEmpty());
    }

    @Test
    void theInferenceServiceCountsWhatItDid() {
        String text = SCRAPED.get(Service.INFERENCE);
        assertThat(generated(text) - generatedBefore).isEqualTo(TOKENS);
        assertThat(value(text, "shiftadd_time_to_first_token_seconds_count").orElseThrow())
                .isGreaterThanOrEqualTo(1);
        assertThat(value(text, "shiftadd_time_to_first_token_seconds_sum").orElseThrow())
                .isPositive();
        assertThat(value(text, "shiftadd_batch_sequences_count").orElseThrow()).isGreaterThanOrEqualTo(TOKENS);
        assertThat(value(text, "shiftadd_queue_prompts").orElseThrow()).isNotNegative();
        assertThat(value(text, "shiftadd_prefix_cache_bytes").orElseThrow()).isNotNegative();
        assertThat(value(text, "shiftadd_kernel", "species=\"")).hasValue(1);
    }

    @Test
    void theQuantizeServiceCountsWhatItDid() {
        String text = SCRAPED.get(Service.QUANTIZE);
        List<String> succeeded = List.of("method=\"lat\"", "kind=\"reparameterize\"", "outcome=\"succeeded\"");
        assertThat(value(text, "shiftadd_job_duration_seconds_count", succeeded.toArray(String[]::new))
                        .orElseThrow())
                .isGreaterThanOrEqualTo(1);
        assertThat(value(text, "shiftadd_job_block_duration_seconds_count", "method=\"lat\"")
                        .orElseThrow())
                .isGreaterThanOrEqualTo(6);
        assertThat(value(text, "shiftadd_job_layer_output_error_sum", "method=\"lat\"")
                        .orElseThrow())
                .isPositive();
        assertThat(value(text, "shiftadd_job_tune_step_duration_seconds_count", "method=\"lat\"")
                        .orElseThrow())
                .isGreaterThanOrEqualTo(1);
        assertThat(value(text, "shiftadd_job_tune_tokens_total", "method=\"lat\"")
                        .orElseThrow())
                .isGreaterThanOrEqualTo(8 * 16);
        assertThat(value(text, "shiftadd_jobs_lost").orElseThrow()).isNotNegative();
        assertThat(value(text, "shiftadd_kernel", "species=\"")).hasValue(1);
    }

    @Test
    void theRegistryCountsJobs() {
        assertThat(value(SCRAPED.get(Service.REGISTRY), "shiftadd_registry_jobs", "state=\"succeeded\"")
                        .orElseThrow())
                .isGreaterThanOrEqualTo(1);
    }

    /**
     * As Prometheus asks; with traces on there are ids of traces beside metrics, which it takes in these places only.
     */
    @ParameterizedTest
    @EnumSource(names = {"REGISTRY", "QUANTIZE", "INFERENCE"})
    void prometheusCanReadIt(Service service) {
        Http.Answer answer = new Http(Platform.get().url(service))
                .get("/actuator/prometheus", "Accept", "application/openmetrics-text; version=1.0.0");
        assertThat(answer.contentType()).isEqualTo("application/openmetrics-text");
        assertThat(answer.text()).endsWith("# EOF\n");
        assertThat(answer.text().lines().filter(line -> line.contains(" # {")))
                .allMatch(line -> line.matches("[a-z0-9_]+_(total|bucket)[{ ].*"));
    }

    private static double generated(String scraped) {
        return value(scraped, "shiftadd_generated_tokens_total").orElse(0);
    }

    private static Set<String> names(String text) {
        return NAME.matcher(text)
                .results()
                .map(result -> result.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The sum over all lines with that name and these labels: equal models count under the name they were loaded by.
     */
    private static OptionalDouble value(String text, String name, String... labels) {
        List<Double> values = text.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> List.of(labels).stream().allMatch(line::contains))
                .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
        return values.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        values.stream().mapToDouble(Double::doubleValue).sum());
    }
}
