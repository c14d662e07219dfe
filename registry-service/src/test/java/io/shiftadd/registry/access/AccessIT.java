package io.shiftadd.registry.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import io.shiftadd.registry.storage.FileDigest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** With keys switched on, as off loopback. */
@TestPropertySource(
        properties = {
            "shiftadd.registry.access.api-keys=on",
            "shiftadd.registry.access.admin-key=" + AccessIT.ADMIN,
            "shiftadd.registry.access.cors-origins=https://friend.example"
        })
class AccessIT extends RegistryIT {

    static final String ADMIN = "chosen-by-the-operator-and-long-enough";

    private static final String KEYS = "/api/v1/api-keys";

    private final String name = "key-" + UUID.randomUUID().toString().substring(0, 8);

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/v1/models", "/api/v1/jobs", KEYS, "/api/v1/audit", "/v3/api-docs", "/actuator/prometheus"})
    void asksForAKey(String path) {
        Answer answer = api().get(path);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.problem()).isEqualTo("unauthorized");
        assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
        assertThat(api().get(path, bearer("sk-shiftadd-wrong")).status()).isEqualTo(401);
        assertThat(api().get(path, bearer(ADMIN)).status()).isEqualTo(200);
    }

    @Test
    void nothingOfARequestIsJudgedBeforeItsKey() {
        assertThat(api().post("/api/v1/models", "{}", "Content-Encoding", "br").status())
                .isEqualTo(401);
    }

    @Test
    void noSpellingOfAPathGetsAround() {
        for (String path : List.of(
                "/static/../api/v1/jobs", "/static/%2e%2e/api/v1/jobs", "//api/v1/jobs", "/api/v1/jobs;/login")) {
            assertThat(api().get(path).status()).as(path).isIn(400, 401, 404);
        }
    }

    @Test
    void slashesOpenNothingAndCloseNothing() {
        for (String open : List.of("//actuator/health", "/actuator//health/", "//login", "/static//app.css")) {
            assertThat(api().get(open).status()).as(open).isNotEqualTo(401);
        }
        for (String closed : List.of(
                "//api/v1/jobs",
                "/api//v1/jobs/",
                "//static/..//api/v1/jobs",
                "/actuator//health/..//prometheus",
                "/static//..;/api/v1/jobs/",
                "/login//../api/v1/jobs",
                "//actuator//prometheus/")) {
            assertThat(api().get(closed).status()).as(closed).isIn(400, 401, 404);
            assertThat(api().get(closed).body()).as(closed).doesNotContain("totalItems", "# HELP");
        }
        assertThat(api().get("//api/v1/jobs").status()).isEqualTo(401);
        assertThat(api().get("//api/v1//jobs/", bearer(ADMIN)).status()).isEqualTo(200);
        assertThat(api().post("//api/v1/api-keys//verify/", "{\"key\": \"" + ADMIN + "\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void letsAllowedPagesReadWhatTheContainerRefuses() {
        String[] origin = {"Origin", "https://friend.example"};
        for (String path : List.of("/api/v1/models/a%2Fb", "/api/v1/models?x=" + "y".repeat(20_000))) {
            Answer answer = api().get(path, origin);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("access-control-allow-origin")).isEqualTo("https://friend.example");
            assertThat(api().get(path, "Origin", "https://stranger.example").header("access-control-allow-origin"))
                    .isNotEqualTo("https://stranger.example");
        }
    }

    @Test
    void probesNeedNone() {
        assertThat(api().get("/actuator/health").status()).isEqualTo(200);
        assertThat(api().get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(api().get("/actuator/health/readiness").status()).isEqualTo(200);
    }

    @Test
    void aKeyIsShownOnceAndStoredAsAHash() {
        String secret = create("[\"inference\"]").path("key").asString();
        assertThat(secret).matches("sk-shiftadd-[A-Za-z0-9_-]{43}");
        String list = api().get(KEYS, bearer(ADMIN)).body();
        assertThat(list)
                .contains("\"prefix\":\"" + secret.substring(0, 18) + "\"")
                .doesNotContain(secret);
        assertThat(jdbc.sql("select secret_sha256 from registry.api_key where name = :name")
                        .param("name", name)
                        .query(String.class)
                        .single())
                .isEqualTo(FileDigest.sha256(secret.getBytes(StandardCharsets.UTF_8)));
        assertThat(jdbc.sql("select count(*) from registry.api_key k where k::text like '%' || :secret || '%'")
                        .param("secret", secret)
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void tellsServicesWhatAKeyIsGoodFor() {
        JsonNode made = create("[\"inference\"]");
        Answer answer = verify(made.path("key").asString());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().toString())
                .isEqualTo("""
                        {"id":"%s","name":"%s","scopes":["inference"],"requestsPerMinute":60,"maxConcurrentRequests":4}""".formatted(made.at("/apiKey/id").asString(), name));
        assertThat(verify("sk-shiftadd-guess").problem()).isEqualTo("unauthorized");
        assertThat(api().get(KEYS + "/" + made.at("/apiKey/id").asString(), bearer(ADMIN))
                        .json()
                        .get("lastUsedAt")
                        .isNull())
                .isFalse();
    }

    @Test
    void aKeyForInferenceReadsModelsAndHasResponsesAndNothingElse() {
        String secret = create("[\"inference\"]").path("key").asString();
        assertThat(api().get("/api/v1/models", bearer(secret)).status()).isEqualTo(200);
        assertThat(api().get("/api/v1/jobs", bearer(secret)).problem()).isEqualTo("forbidden");
        assertThat(api().get(KEYS, bearer(secret)).problem()).isEqualTo("forbidden");
        assertThat(api().post("/api/v1/models", "{}", bearer(secret)).problem()).isEqualTo("forbidden");
        assertThat(api().delete("/api/v1/models/x", bearer(secret)).problem()).isEqualTo("forbidden");
        String response = "/api/v1/responses/resp_" + name;
        assertThat(api().get(response).status()).isEqualTo(401);
        assertThat(api().put(response, "{\"items\": [], \"response\": {}}").status())
                .isEqualTo(401);
        assertThat(api().put(response, "{\"items\": [], \"response\": {}}", bearer(secret))
                        .status())
                .isEqualTo(204);
        assertThat(api().get(response, bearer(secret)).status()).isEqualTo(200);
        assertThat(api().get(response, bearer(ADMIN)).status()).isEqualTo(404);
        assertThat(api().get("/api/v1/audit?limit=1", bearer(ADMIN)).body()).doesNotContain(response);
    }

    @Test
    void aRevokedKeyIsNotValid() {
        JsonNode made = create("[\"admin\"]");
        String secret = made.path("key").asString();
        assertThat(api().get(KEYS, bearer(secret)).status()).isEqualTo(200);
        String path = KEYS + "/" + made.at("/apiKey/id").asString();
        assertThat(api().delete(path, bearer(ADMIN)).status()).isEqualTo(204);
        assertThat(api().get(KEYS, bearer(secret)).status()).isEqualTo(401);
        assertThat(verify(secret).status()).isEqualTo(401);
        assertThat(api().get(path, bearer(ADMIN)).json().get("revokedAt").isNull())
                .isFalse();
        // its name is free again
        assertThat(create("[\"admin\"]").has("key")).isTrue();
    }

    @Test
    void anExpiredKeyIsNotValid() {
        String secret = create("[\"admin\"]").path("key").asString();
        jdbc.sql("update registry.api_key set expires_at = now() - interval '1 second' where name = :name")
                .param("name", name)
                .update();
        assertThat(verify(secret).status()).isEqualTo(401);
        assertThat(api().get(KEYS, bearer(secret)).status()).isEqualTo(401);
    }

    @Test
    void namesWhatIsWrongWithARequest() {
        String past = Instant.now().minus(1, ChronoUnit.DAYS).toString();
        Answer answer = api().post(
                        KEYS,
                        "{\"scopes\": [\"root\"], \"requestsPerMinute\": 0, \"expiresAt\": \"" + past
                                + "\", \"scope\": 1}",
                        bearer(ADMIN));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("errors").findValuesAsString("field"))
                .containsExactlyInAnyOrder("name", "scopes", "requestsPerMinute", "expiresAt", "scope");
        create("[\"admin\"]");
        assertThat(api().post(KEYS, "{\"name\": \"" + name + "\"}", bearer(ADMIN))
                        .problem())
                .isEqualTo("name-taken");
    }

    @Test
    void recordsWhoChangedWhat() {
        String id = create("[\"inference\"]").at("/apiKey/id").asString();
        api().delete("/api/v1/models/none-such", "X-Request-Id", "mine-" + name, "Authorization", "Bearer " + ADMIN);
        JsonNode entries = api().get("/api/v1/audit?limit=2", bearer(ADMIN)).json();
        assertThat(entries.at("/0/action").asString()).isEqualTo("deleteModel");
        assertThat(entries.at("/0/status").asInt()).isEqualTo(404);
        assertThat(entries.at("/0/requestId").asString()).isEqualTo("mine-" + name);
        assertThat(entries.at("/0/actor").asString()).isEqualTo("SHIFTADD_ADMIN_KEY");
        assertThat(entries.at("/1/action").asString()).isEqualTo("createApiKey");
        assertThat(entries.at("/1/target").asString()).isEqualTo(KEYS + "/" + id);
        assertThat(entries.at("/1/status").asInt()).isEqualTo(201);
        assertThat(api().get(
                                "/api/v1/audit?limit=1&before="
                                        + entries.at("/0/id").asString(),
                                bearer(ADMIN))
                        .json()
                        .at("/0"))
                .isEqualTo(entries.at("/1"));
        assertThatThrownBy(() -> jdbc.sql("update registry.audit_entry set actor = 'nobody'")
                        .update())
                .isInstanceOf(DataAccessException.class);
    }

    @Test
    void aPageOfAnotherSiteChangesNothing() {
        assertThat(api().post(KEYS, "{}", "Origin", "https://evil.example", "Authorization", "Bearer " + ADMIN)
                        .problem())
                .isEqualTo("forbidden");
        assertThat(api().post(KEYS, "{}", "Sec-Fetch-Site", "cross-site", "Authorization", "Bearer " + ADMIN)
                        .problem())
                .isEqualTo("forbidden");
        assertThat(api().post(KEYS, "{}", "Origin", api().base(), "Authorization", "Bearer " + ADMIN)
                        .problem())
                .isEqualTo("invalid-field");
        assertThat(api().get("/api/v1/models", "Origin", "https://evil.example", "Authorization", "Bearer " + ADMIN)
                        .status())
                .isEqualTo(403);
        Answer friend =
                api().get("/api/v1/models", "Origin", "https://friend.example", "Authorization", "Bearer " + ADMIN);
        assertThat(friend.header("access-control-allow-origin")).isEqualTo("https://friend.example");
    }

    @Test
    void everyAnswerHasARequestId() {
        assertThat(api().get("/api/v1/models").header("x-request-id")).matches("req_[0-9a-f]{32}");
        assertThat(api().get("/actuator/health", "X-Request-Id", "my.id-1").header("x-request-id"))
                .isEqualTo("my.id-1");
        assertThat(api().get("/actuator/health", "X-Request-Id", "not sane!").header("x-request-id"))
                .startsWith("req_");
    }

    private JsonNode create(String scopes) {
        Answer answer = api().post(
                        KEYS,
                        "{\"name\": \"%s\", \"scopes\": %s, \"requestsPerMinute\": 60, \"maxConcurrentRequests\": 4}"
                                .formatted(name, scopes),
                        bearer(ADMIN));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        return answer.json();
    }

    private Answer verify(String secret) {
        return api().post(KEYS + "/verify", "{\"key\": \"" + secret + "\"}");
    }

    private static String[] bearer(String secret) {
        return new String[] {"Authorization", "Bearer " + secret};
    }
}
