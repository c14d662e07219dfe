package io.shiftadd.registry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class JobEventsIT extends RegistryIT {

    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void sendsHistoryThenWhatHappensUntilTheJobEnds() throws Exception {
        UUID job = queued();
        event(job, "stage", "{\"stage\": \"validate\"}");
        try (Follower follower = new Follower(job)) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(follower.events()).containsExactly("state", "stage"));

            event(job, "block", "{\"block\": 0}");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(follower.events()).containsExactly("state", "stage", "block"));

            api().post("/api/v1/jobs/" + job + "/cancel", "");
            await().atMost(SOON).until(follower::hasEnded);
            assertThat(follower.events()).containsExactly("state", "stage", "block", "state");
            assertThat(follower.lines)
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("data: {\"id\":")
                            .contains("\"jobId\":\"" + job + "\"", "\"type\":\"state\"", "\"state\":\"CANCELLED\""));
        }
    }

    @Test
    void makesTheCurveOfATuningOfItsEvents() {
        UUID job = queued();
        assertThat(api().get("/api/v1/jobs/" + job + "/tuning").json().isEmpty())
                .isTrue();
        // Steps 2 and 3 are done again after a break.
        double[] losses = {0.5, 0.4, 0.3, 0.45, 0.35};
        int[] steps = {1, 2, 3, 2, 3};
        for (int i = 0; i < steps.length; i++) {
            event(
                    job,
                    "tune",
                    "{\"step\": %d, \"steps\": 4, \"loss\": %s, \"tokensPerSecond\": 1000}"
                            .formatted(steps[i], losses[i]));
        }
        assertThat(api().get("/api/v1/jobs/" + job + "/tuning").json().toString()).isEqualTo("""
                [{"step":1,"steps":4,"loss":0.5,"tokensPerSecond":1000.0},\
                {"step":2,"steps":4,"loss":0.45,"tokensPerSecond":1000.0},\
                {"step":3,"steps":4,"loss":0.35,"tokensPerSecond":1000.0}]""");
    }

    @Test
    void keepsAnIdleStreamOpenWithComments() throws Exception {
        try (Follower follower = new Follower(queued())) {
            await().atMost(SOON).until(() -> follower.lines.contains(": keep-alive"));
            assertThat(follower.hasEnded()).isFalse();
        }
    }

    @Test
    void sendsAComebackOnlyWhatItMissed() {
        UUID job = queued();
        event(job, "stage", "{}");
        api().post("/api/v1/jobs/" + job + "/cancel", "");
        Answer all = api().get("/api/v1/jobs/" + job + "/events");
        assertThat(all.header("content-type")).isEqualTo("text/event-stream;charset=UTF-8");
        List<String> ids =
                all.body().lines().filter(line -> line.startsWith("id: ")).toList();
        assertThat(ids).hasSize(3);

        String seen = ids.get(1).substring(4);
        Answer rest = api().get("/api/v1/jobs/" + job + "/events", "Last-Event-ID", seen);
        assertThat(rest.body().lines().filter(line -> line.startsWith("id: "))).containsExactly(ids.get(2));
        assertThat(api().get("/api/v1/jobs/" + job + "/events?lastEventId=" + seen)
                        .body())
                .isEqualTo(rest.body());
    }

    @Test
    void tellsAComebackThatHasSeenAllToStop() {
        UUID job = queued();
        api().post("/api/v1/jobs/" + job + "/cancel", "");
        assertThat(api().get("/api/v1/jobs/" + job + "/events", "Last-Event-ID", "999999999")
                        .status())
                .isEqualTo(204);
    }

    @Test
    void refusesUnknownJobsAndBadIds() {
        assertThat(api().get("/api/v1/jobs/" + UUID.randomUUID() + "/events").problem())
                .isEqualTo("not-found");
        assertThat(api().get("/api/v1/jobs/" + queued() + "/events", "Last-Event-ID", "x")
                        .problem())
                .isEqualTo("invalid-field");
    }

    private UUID queued() {
        return jdbc.sql("""
                insert into registry.job (kind, model_id, settings, output_name)
                values ('REPARAMETERIZE', :model, '{"modelName": "m", "kind": "reparameterize", "sequenceLength": 8,
                    "evaluationWindows": 1, "seed": 0}', :name) returning id""")
                .param("model", insertModel("m-" + UUID.randomUUID().toString().substring(0, 8)))
                .param("name", "x" + UUID.randomUUID())
                .query(UUID.class)
                .single();
    }

    private void event(UUID job, String type, String data) {
        jdbc.sql("insert into registry.job_event (job_id, type, data) values (:job, :type, :data::jsonb)")
                .param("job", job)
                .param("type", type)
                .param("data", data)
                .update();
    }

    /** Reads a stream line by line as it comes. */
    private final class Follower implements AutoCloseable {

        private final HttpClient client = HttpClient.newHttpClient();
        private final InputStream stream;
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Thread reader;

        Follower(UUID job) throws IOException, InterruptedException {
            HttpResponse<InputStream> response = client.send(
                    api().request("/api/v1/jobs/" + job + "/events").build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            stream = response.body();
            reader = Thread.ofVirtual().start(this::read);
        }

        private void read() {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    lines.add(line);
                }
            } catch (IOException e) {
                lines.add("broken: " + e);
            }
        }

        List<String> events() {
            return lines.stream()
                    .filter(line -> line.startsWith("event: "))
                    .map(line -> line.substring("event: ".length()))
                    .toList();
        }

        boolean hasEnded() {
            return !reader.isAlive();
        }

        @Override
        public void close() throws IOException {
            stream.close();
            client.shutdownNow();
        }
    }
}
