package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.cli.stack.Service;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** The platform API in the words of these tests. */
final class Registry {

    private static final Duration LONGEST_JOB = Duration.ofMinutes(5);
    private static final Set<String> ENDED = Set.of("SUCCEEDED", "FAILED", "CANCELLED");

    private final Http http;

    Registry(Platform platform) {
        http = new Http(platform.url(Service.REGISTRY));
    }

    Http http() {
        return http;
    }

    /** Registers a model of samples/; one that is registered stays as it is. */
    JsonNode importSample(String name) {
        Http.Answer answer = http.post("/api/v1/models", "{\"path\": \"" + name + "\"}");
        assertThat(answer.status()).as(answer.text()).isIn(200, 201);
        return answer.json();
    }

    JsonNode model(String name) {
        return found("/api/v1/models/" + name);
    }

    /** @return the id of the job */
    String submit(String request) {
        Http.Answer answer = http.post("/api/v1/jobs", request);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().path("id").asString();
    }

    JsonNode job(String id) {
        return found("/api/v1/jobs/" + id);
    }

    JsonNode layers(String id) {
        return found("/api/v1/jobs/" + id + "/layers");
    }

    JsonNode metrics(String id) {
        return found("/api/v1/jobs/" + id + "/metrics");
    }

    /** Waits for the end of a job, which has to be a good one. */
    JsonNode awaitSuccess(String id) {
        JsonNode job = Awaitility.await("job " + id)
                .atMost(LONGEST_JOB)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> job(id), now -> ENDED.contains(now.path("state").asString()));
        assertThat(job.path("state").asString()).as(job.toPrettyString()).isEqualTo("SUCCEEDED");
        return job;
    }

    JsonNode found(String path) {
        Http.Answer answer = http.get(path);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }
}
