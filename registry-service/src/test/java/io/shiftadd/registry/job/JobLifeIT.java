package io.shiftadd.registry.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class JobLifeIT extends RegistryIT {

    private final String model = "m-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void cancelsAQueuedJobAtOnce() {
        UUID job = queued();
        Answer answer = post(job, "cancel");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("state").asString()).isEqualTo("CANCELLED");
        assertThat(answer.json().get("finishedAt").isNull()).isFalse();
        assertThat(post(job, "cancel").status()).isEqualTo(200);
    }

    @Test
    void asksTheWorkerToCancelARunningJob() {
        UUID job = queued();
        run(job, "1 minute");
        JsonNode cancelled = post(job, "cancel").json();
        assertThat(cancelled.get("state").asString()).isEqualTo("RUNNING");
        assertThat(cancelled.get("cancelRequested").asBoolean()).isTrue();
        assertThat(count(
                        "select count(*) from registry.job_event where job_id = :job and type = 'cancel-requested'",
                        job))
                .isEqualTo(1);
    }

    @Test
    void cancelsAJobWhoseWorkerIsLostAndLocksThatWorkerOut() {
        UUID job = queued();
        run(job, "-1 second");
        assertThat(get(job).get("heartbeatLost").asBoolean()).isTrue();

        assertThat(post(job, "cancel").json().get("state").asString()).isEqualTo("CANCELLED");
        assertThat(count("select lease_version from registry.job where id = :job", job))
                .isEqualTo(2);
    }

    @Test
    void retriesAFailedJob() {
        UUID job = queued();
        run(job, "1 minute");
        end(job, "FAILED");
        JsonNode failed = get(job);
        assertThat(failed.get("cause").asString()).isEqualTo("disk full");
        assertThat(failed.get("remedy").asString()).isEqualTo("make room");

        JsonNode retried = post(job, "retry").json();
        assertThat(retried.get("state").asString()).isEqualTo("QUEUED");
        assertThat(retried.get("attempt").asInt()).isZero();
        assertThat(retried.get("cause").isNull()).isTrue();
        assertThat(retried.get("blockCurrent").asInt()).isEqualTo(1);
    }

    @Test
    void refusesWhatTheStateDoesNotAllow() {
        UUID job = queued();
        assertThat(post(job, "retry").problem()).isEqualTo("illegal-transition");
        run(job, "1 minute");
        end(job, "SUCCEEDED");
        Answer cancel = post(job, "cancel");
        assertThat(cancel.status()).isEqualTo(409);
        assertThat(cancel.problem()).isEqualTo("illegal-transition");
        assertThat(cancel.json().get("detail").asString())
                .isEqualTo("Job " + job + " is SUCCEEDED; cancel works from QUEUED, RUNNING only.");
        assertThat(post(job, "retry").status()).isEqualTo(409);
    }

    @Test
    void refusesToRetryWhenTheModelIsGone() {
        UUID job = queued();
        post(job, "cancel");
        assertThat(api().delete("/api/v1/models/" + model).status()).isEqualTo(204);
        assertThat(post(job, "retry").json().get("detail").asString()).contains("has been deleted");
        assertThat(get(job).get("state").asString()).isEqualTo("CANCELLED");
        assertThat(get(job).get("modelName").asString()).isEqualTo(model);
    }

    @Test
    void refusesToDeleteTheModelOfAnActiveJob() {
        UUID job = queued();
        Answer refused = api().delete("/api/v1/models/" + model);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("in-use");
        assertThat(refused.json().get("detail").asString()).contains(job.toString());
    }

    @Test
    void listsByStateAndModelInPages() {
        UUID first = queued();
        UUID second = queuedAgain();
        post(first, "cancel");
        String modelId = get(second).get("modelId").asString();

        JsonNode queued =
                api().get("/api/v1/jobs?state=QUEUED&model=" + modelId).json();
        assertThat(queued.get("items").findValuesAsString("state")).containsExactly("QUEUED");
        JsonNode both = api().get("/api/v1/jobs?state=QUEUED,cancelled&size=1&sort=createdAt,asc&model=" + modelId)
                .json();
        assertThat(both.get("totalItems").asInt()).isEqualTo(2);
        assertThat(both.get("totalPages").asInt()).isEqualTo(2);
        assertThat(both.get("items").get(0).get("id").asString()).isEqualTo(first.toString());
        assertThat(api().get("/api/v1/jobs?state=DONE").problem()).isEqualTo("invalid-field");
        assertThat(api().get("/api/v1/jobs?size=201").problem()).isEqualTo("invalid-field");
        assertThat(api().get("/api/v1/jobs?sort=cause").problem()).isEqualTo("invalid-field");
    }

    @Test
    void showsLayersAndMetricsThatTheWorkerReports() {
        UUID job = queued();
        jdbc.sql("""
                insert into registry.job_layer (job_id, block, layer, bits, inputs, outputs, output_error, seconds, worker)
                values (:job, 1, 'b', 3, 64, 128, 0.5, 1.5, 'w'), (:job, 0, 'a', 2, 64, 64, 0.25, 1, 'w')""").param("job", job).update();
        jdbc.sql("insert into registry.job_metric values (:job, 'mean_bits', 2.5), (:job, 'perplexity_original', 40)")
                .param("job", job)
                .update();
        JsonNode layers = api().get("/api/v1/jobs/" + job + "/layers").json();
        assertThat(layers.findValuesAsString("layer")).containsExactly("a", "b");
        assertThat(layers.get(1).get("outputError").asDouble()).isEqualTo(0.5);
        assertThat(layers.get(1).get("weightError").isNull()).isTrue();
        assertThat(api().get("/api/v1/jobs/" + job + "/metrics").body())
                .isEqualTo("{\"mean_bits\":2.5,\"perplexity_original\":40.0}");

        UUID result = insertModel(model + "-result");
        run(job, "1 minute");
        jdbc.sql("update registry.job set result_model_id = :result where id = :job")
                .param("result", result)
                .param("job", job)
                .update();
        end(job, "SUCCEEDED");
        JsonNode metrics =
                api().get("/api/v1/models/" + model + "-result/metrics").json();
        assertThat(metrics.get("metrics").get("mean_bits").asDouble()).isEqualTo(2.5);
        assertThat(metrics.get("measurements").get(0).get("jobId").asString()).isEqualTo(job.toString());
    }

    @Test
    void showsWhatAnEvaluationMeasuredOfBothModels() {
        UUID job = evaluation();
        UUID own = jdbc.sql("select model_id from registry.job where id = :job")
                .param("job", job)
                .query(UUID.class)
                .single();
        UUID other = insertModel(model + "-baseline");
        jdbc.sql("update registry.job set baseline_model_id = :other where id = :job")
                .param("other", other)
                .param("job", job)
                .update();
        jdbc.sql("""
                insert into registry.job_task (job_id, model_id, task, metric, value, standard_error, examples)
                values (:job, :other, 'copa', 'acc', 0.6, 0.05, 100), (:job, :own, 'copa', 'acc', 0.5, null, 1)""").param("job", job).param("own", own).param("other", other).update();
        jdbc.sql("insert into registry.job_metric values (:job, 'perplexity_original', 40)")
                .param("job", job)
                .update();
        JsonNode tasks = api().get("/api/v1/jobs/" + job + "/tasks").json();
        assertThat(tasks.findValuesAsString("modelName")).containsExactly(model, model + "-baseline");
        assertThat(tasks.get(0).toString())
                .contains("{\"task\":\"copa\",\"metric\":\"acc\",\"value\":0.5,\"standardError\":null,\"examples\":1}");
        run(job, "1 minute");
        end(job, "SUCCEEDED");
        JsonNode metrics =
                api().get("/api/v1/models/" + model + "-baseline/metrics").json();
        assertThat(metrics.get("tasks").get(0).get("value").asDouble()).isEqualTo(0.6);
        assertThat(metrics.get("metrics").isEmpty()).isTrue();
    }

    @Test
    void showsTheProfileThatBitsWereAllocatedBy() {
        UUID job = queued();
        jdbc.sql("""
                insert into registry.job_layer_profile values
                    (:job, 1, 'b', 3, 0.1, 30, 0.7, false), (:job, 1, 'b', 2, 0.2, 20, 0.7, true),
                    (:job, 0, 'z', 2, 0.5, 10, null, false)""").param("job", job).update();
        jdbc.sql("insert into registry.job_candidate values (:job, 1, 40, 2.25, 33.5, '{}')")
                .param("job", job)
                .update();
        assertThat(api().get("/api/v1/jobs/" + job + "/profile").body()).isEqualTo("""
                [{"layer":"z","sensitivity":null,"chosenBits":null,"measured":[{"bits":2,"outputError":0.5,"bytes":10}]},\
                {"layer":"b","sensitivity":0.7,"chosenBits":2,"measured":[{"bits":2,"outputError":0.2,"bytes":20},\
                {"bits":3,"outputError":0.1,"bytes":30}]}]""");
        assertThat(api().get("/api/v1/jobs/" + job + "/candidates").body())
                .isEqualTo("[{\"number\":1,\"bytes\":40,\"meanBits\":2.25,\"perplexity\":33.5}]");
    }

    private UUID evaluation() {
        insertModel(model);
        String body = "{\"model\": \"%s\", \"kind\": \"evaluate\"}".formatted(model);
        return UUID.fromString(api().post("/api/v1/jobs", body).json().get("id").asString());
    }

    private UUID queued() {
        insertModel(model);
        return queuedAgain();
    }

    private UUID queuedAgain() {
        Answer answer = api().post("/api/v1/jobs", "{\"model\": \"%s\", \"bits\": 3}".formatted(model));
        return UUID.fromString(answer.json().get("id").asString());
    }

    private JsonNode get(UUID job) {
        return api().get("/api/v1/jobs/" + job).json();
    }

    private Answer post(UUID job, String verb) {
        return api().post("/api/v1/jobs/" + job + "/" + verb, "");
    }

    private void run(UUID job, String lease) {
        jdbc.sql("""
                update registry.job set state = 'RUNNING', lease_owner = 'w', lease_version = lease_version + 1, attempt = 1,
                    lease_until = now() + :lease::interval, heartbeat_at = now(), block_current = 1, block_count = 2
                where id = :job""").param("lease", lease).param("job", job).update();
    }

    private void end(UUID job, String state) {
        jdbc.sql("""
                update registry.job set state = :state, cause = 'disk full', remedy = 'make room', finished_at = now()
                where id = :job""").param("state", state).param("job", job).update();
    }

    private long count(String sql, UUID job) {
        return jdbc.sql(sql).param("job", job).query(Long.class).single();
    }
}
