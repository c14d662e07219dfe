package io.shiftadd.registry.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class DashboardIT extends RegistryIT {

    private static final String[] HTML = {"Accept", "text/html"};

    private final String name = "dash-" + UUID.randomUUID().toString().substring(0, 8);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/models?sort=size",
                "/jobs",
                "/jobs?state=failed&kind=evaluate&q=x&sort=duration",
                "/jobs/new",
                "/compare",
                "/playground",
                "/playground/images",
                "/chat",
                "/login"
            })
    void pagesNeedNoExceptionFromTheirPolicy(String path) {
        insertModel(name);
        Answer page = api().get(path, HTML);
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        assertThat(page.header("content-type")).startsWith("text/html");
        assertThat(page.header("content-security-policy"))
                .contains("default-src 'self'", "script-src 'self'", "style-src 'self'")
                .doesNotContain("unsafe");
        assertThat(page.body())
                .doesNotContainPattern("<script(?![^>]*\\ssrc=)")
                .doesNotContain("<style", " style=", "javascript:")
                .doesNotContainPattern("\\son[a-z]+=")
                .doesNotContainPattern("(src|href)=\"(https?:)?//")
                .doesNotContainPattern("th:|\\[\\[");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/static/dashboard.css",
                "/static/icon.svg",
                "/static/job.js",
                "/static/playground.js",
                "/static/images.js",
                "/static/chat.js",
                "/static/answer.js",
                "/static/conversations.js",
                "/static/copy.js",
                "/static/inference.js",
                "/static/markdown.js",
                "/webjars/marked/lib/marked.esm.js",
                "/webjars/dompurify/dist/purify.es.mjs",
                "/webjars/htmx.org/dist/htmx.min.js",
                "/webjars/chart.js/dist/chart.umd.min.js"
            })
    void servesWhatPagesAskFor(String path) {
        Answer answer = api().get(path);
        assertThat(answer.status()).isEqualTo(200);
        if (path.endsWith("js")) {
            // browsers take modules under this type alone
            assertThat(answer.header("content-type")).startsWith("text/javascript");
        }
    }

    @ParameterizedTest
    @CsvSource({"llama,true", "vit,false"})
    void aPageOfAModelThatWritesTextLeadsToTheChatWithIt(String family, boolean chats) {
        UUID model = insertModel(name);
        jdbc.sql("update registry.model set family = :family where id = :id")
                .param("family", family)
                .param("id", model)
                .update();
        assertThat(api().get("/models/" + name, HTML).body().contains("/chat?model=" + name))
                .isEqualTo(chats);
        assertThat(api().get("/chat?model=" + name, HTML)
                        .body()
                        .matches("(?s).*<option value=\"" + name + "\"[^>]* selected=\"selected\".*"))
                .isEqualTo(chats);
    }

    @Test
    void showsAJobWithItsBlocksErrorAndRemedy() {
        UUID job = failedJob();
        String page = api().get("/jobs/" + job, HTML).body();
        assertThat(page)
                .contains("block 1", "block 2", "2 layers · 2.50 bits · error ≤ 0.200 · 2.4 s")
                .contains("block 1, blocks 2, took 2.4 s")
                .contains("&lt;b&gt;no room&lt;/b&gt;", "make room")
                .contains("/jobs/new?from=" + job)
                .doesNotContain("<b>no room");
        assertThat(api().get("/api/v1/jobs/" + job + "/blocks").body())
                .isEqualTo("[{\"block\":0,\"seconds\":2.4123,\"worker\":\"w\"}]");
        assertThat(api().get("/jobs/" + job, "HX-Request", "true").body())
                .startsWith("<div id=\"live\"")
                .doesNotContain("<html", "every 2s");
    }

    @Test
    void showsALostHeartbeat() {
        UUID job = runningJob("now() - interval '1 second'");
        assertThat(api().get("/jobs/" + job, HTML).body()).contains("heartbeat lost", "has not been heard of");
        UUID healthy = runningJob("now() + interval '1 minute'");
        assertThat(api().get("/jobs/" + healthy, HTML).body())
                .contains("every 2s")
                .doesNotContain("has not been heard of");
    }

    @Test
    void listsJobsByFilter() {
        UUID job = failedJob();
        assertThat(api().get("/jobs?state=failed&q=" + name, HTML).body()).contains("/jobs/" + job);
        assertThat(api().get("/jobs?state=running&q=" + name, HTML).body()).doesNotContain("/jobs/" + job);
        assertThat(api().get("/jobs?sort=name;drop&q=" + name, "HX-Request", "true")
                        .body())
                .startsWith("<div id=\"jobs\"")
                .contains("/jobs/" + job);
    }

    @Test
    void aDuplicateBeginsWithTheSettingsOfTheJob() {
        UUID job = failedJob();
        assertThat(api().get("/jobs/new?from=" + job, HTML).body())
                .contains("name=\"samples\"")
                .containsPattern("value=\"17\"")
                .containsPattern("<option value=\"" + name + "\"[^>]* selected=\"selected\"");
    }

    @Test
    void aDuplicateOfAJobThatTunedTunesAgain() {
        insertModel(name);
        UUID job = UUID.fromString(api().post(
                        "/api/v1/jobs",
                        "{\"model\": \"" + name + "\", \"bits\": 2, \"tune\": {\"tokens\": 70000, \"seed\": 5}}")
                .json()
                .get("id")
                .asString());
        assertThat(api().get("/jobs/new?from=" + job, HTML).body())
                .contains("data-tuning=\"tokens\"")
                .containsPattern("name=\"tune.tokens\"[^>]* value=\"70000\"")
                .containsPattern("name=\"tune.seed\"[^>]* value=\"5\"");
    }

    @Test
    void estimatesWhatAJobWillMake() {
        insertModel(name);
        assertThat(api().get("/jobs/estimate?model=" + name + "&bits=2&budget=bits")
                        .body())
                .contains("Size of the result", "Memory of the worker", "Disk while it works", "Time");
    }

    @Test
    void estimatesAnEvaluationAndASearchToo() {
        insertModel(name);
        assertThat(api().get("/jobs/estimate?kind=evaluate&tasks=copa&model=" + name)
                        .body())
                .contains("Memory of the worker", "what the tasks take")
                .doesNotContain("Size of the result");
        assertThat(api().get("/jobs/estimate?budget=maxPerplexityIncrease&maxPerplexityIncrease=0.1&model=" + name)
                        .body())
                .contains(" to ", "it tries some sizes");
    }

    @Test
    void showsWhatAModelScoredWithStandardErrors() {
        UUID job = failedJob();
        UUID model = insertModel(name + "-scored");
        jdbc.sql("""
                insert into registry.job_task (job_id, model_id, task, metric, value, standard_error, examples) values
                (:job, :model, 'copa', 'acc', 0.61, 0.049, 100), (:job, :model, 'mmlu_anatomy', 'acc', 0.25, 0.1, 20),
                (:job, :model, 'text', 'perplexity', 48.7, 1.25, 511)""").param("job", job).param("model", model).update();
        for (String page :
                new String[] {"/models/" + name + "-scored", "/compare?models=" + name + "-scored", "/jobs/" + job}) {
            assertThat(api().get(page, HTML).body())
                    .as(page)
                    .contains("COPA, accuracy", "61.0 % ± 4.9", "48.70 ± 1.25")
                    .doesNotContain("anatomy");
        }
    }

    @Test
    void theFormOffersWhatTheApiAccepts() {
        insertModel(name);
        String form = api().get("/jobs/new?kind=evaluate&model=" + name, HTML).body();
        JsonNode fields = api().get("/v3/api-docs").json().at("/components/schemas/JobRequest/properties");
        JsonNode tuning = api().get("/v3/api-docs").json().at("/components/schemas/Tuning/properties");
        assertThat(fields.propertyNames())
                .contains("tune")
                .filteredOn(field -> !field.equals("tune"))
                .allSatisfy(field -> assertThat(form).contains("name=\"" + field + "\""));
        assertThat(tuning.propertyNames())
                .isNotEmpty()
                .allSatisfy(field -> assertThat(form).contains("name=\"tune." + field + "\""));
        assertThat(tuning.at("/steps/maximum").asInt()).isEqualTo(100_000);
        fields.at("/tasks/items/enum").forEach(task -> assertThat(form).contains("value=\"" + task.asString() + "\""));
        fields.at("/method/enum").forEach(method -> assertThat(form).contains("value=\"" + method.asString() + "\""));
    }

    @Test
    void showsTheLayersOfAModelAsAPicture() {
        UUID job = failedJob();
        UUID model = insertModel(name + "-made");
        jdbc.sql("update registry.model set kind = 'REPARAMETERIZED', method = 'acc', job_id = :job where id = :id")
                .param("job", job)
                .param("id", model)
                .update();
        jdbc.sql("insert into registry.job_metric (job_id, name, value) values (:job, 'layer_bytes_fp16', 1000),"
                        + " (:job, 'layer_bytes_packed', 250)")
                .param("job", job)
                .update();
        assertThat(api().get("/models/" + name + "-made", HTML).body())
                .contains(
                        "block 1, q_proj: 2 bits, output error 0.100, 8 × 4",
                        "class=\"b2\"",
                        "class=\"b3\"",
                        "class=\"e9\"")
                .contains("25.0 %", "curl -N http", "from openai import OpenAI");
    }

    @Test
    void whatIsNotThereIsAPageToo() {
        String[] paths = {"/models/none-such", "/jobs/" + UUID.randomUUID(), "/jobs/none-such", "/none-such"};
        for (String path : paths) {
            Answer page = api().get(path, HTML);
            assertThat(page.status()).as(path).isEqualTo(404);
            assertThat(page.header("content-type")).startsWith("text/html");
            assertThat(page.body()).contains("<h1").doesNotContain("Exception");
        }
        Answer answer = api().get("/api/v1/models/none-such", HTML);
        assertThat(answer.header("content-type")).startsWith("application/problem+json");
        assertThat(api().get("/none-such").header("content-type")).startsWith("application/problem+json");
    }

    @Test
    void filesOfAModelCanBeDownloadedAndNothingBesideThem() {
        String body = "{\"path\": \"" + SAMPLES.resolve("opt-mini") + "\", \"name\": \"" + name + "\"}";
        assertThat(api().post("/api/v1/models", body).status()).isEqualTo(201);
        Answer config = api().get("/models/" + name + "/files/config.json");
        assertThat(config.json().path("model_type").asString()).isEqualTo("opt");
        assertThat(config.header("content-disposition")).contains("attachment", "config.json");
        assertThat(config.header("repr-digest")).matches("sha-256=:[A-Za-z0-9+/=]{44}:");
        for (String file : new String[] {"..%2F..%2Fpom.xml", "%2e%2e", "README.md"}) {
            assertThat(api().get("/models/" + name + "/files/" + file).status())
                    .as(file)
                    .isIn(400, 404);
        }
    }

    @Test
    void thePlaygroundSaysWhenTheModelsAreAway() {
        for (String path : new String[] {"/playground/completions", "/chat/completions"}) {
            saysThatTheModelsAreAway(api().post(path, "{\"model\": \"x\"}"));
        }
    }

    private static void saysThatTheModelsAreAway(Answer answer) {
        assertThat(answer.problem()).isEqualTo("unavailable");
        assertThat(answer.json().path("detail").asString()).contains("inference-service", "./shiftadd up");
    }

    private UUID failedJob() {
        UUID job = runningJob("now() + interval '1 minute'");
        jdbc.sql("""
                insert into registry.job_layer (job_id, block, layer, bits, inputs, outputs, output_error, seconds)
                values (:job, 0, 'model.layers.0.q_proj', 2, 4, 8, 0.1, 1), (:job, 0, 'model.layers.0.k_proj', 3, 4, 8, 0.2, 1)""").param("job", job).update();
        jdbc.sql("insert into registry.job_block (job_id, block, packed_sha256, lease_version, worker, seconds)"
                        + " values (:job, 0, repeat('0', 64), 1, 'w', 2.4123)")
                .param("job", job)
                .update();
        jdbc.sql("insert into registry.job_event (job_id, type, data) values (:job, 'block',"
                        + " '{\"block\": 1, \"blocks\": 2, \"seconds\": 2.4123}')")
                .param("job", job)
                .update();
        jdbc.sql("update registry.job set state = 'FAILED', cause = '<b>no room</b>', remedy = 'make room',"
                        + " block_current = 1, block_count = 2, finished_at = now() where id = :job")
                .param("job", job)
                .update();
        return job;
    }

    private UUID runningJob(String leaseUntil) {
        UUID model = jdbc.sql("select id from registry.model where name = :name")
                .param("name", name)
                .query(UUID.class)
                .optional()
                .orElseGet(() -> insertModel(name));
        UUID job = jdbc.sql("""
                insert into registry.job (kind, model_id, settings, output_name)
                values ('REPARAMETERIZE', :model, :settings::jsonb, :output) returning id""")
                .params(Map.of(
                        "model",
                        model,
                        "settings",
                        "{\"modelName\": \"" + name + "\", \"samples\": 17, \"method\": \"acc\", \"newField\": [1]}",
                        "output",
                        name + "-" + UUID.randomUUID().toString().substring(0, 8)))
                .query(UUID.class)
                .single();
        jdbc.sql(
                        "update registry.job set state = 'RUNNING', lease_owner = 'worker', heartbeat_at = now(), lease_until = "
                                + leaseUntil + " where id = :job")
                .param("job", job)
                .update();
        return job;
    }
}
