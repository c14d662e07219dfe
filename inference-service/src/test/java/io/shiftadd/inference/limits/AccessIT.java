package io.shiftadd.inference.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Service;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AccessIT {

    private static final Map<String, Object> SMALL = Map.of("model", "llama-mini", "prompt", "Once", "max_tokens", 1);

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service(
                "shiftadd.inference.access.api-keys=required",
                "shiftadd.inference.access.cors-origins=https://pages.example");
        service.registry.addKey("sk-good", Map.of("id", "1", "name", "good", "scopes", List.of("inference")));
        service.registry.addKey("sk-admin", Map.of("id", "2", "name", "admin", "scopes", List.of("admin")));
        service.registry.addKey("sk-other", Map.of("id", "3", "name", "other", "scopes", List.of("jobs")));
        service.registry.addKey(
                "sk-slow", Map.of("id", "4", "name", "slow", "scopes", List.of("inference"), "requestsPerMinute", 2));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Service.Answer complete(String... headers) {
        return service.post("/v1/completions", SMALL, headers);
    }

    @Test
    void refusesWithoutAKeyAndWithAWrongOne() {
        for (Service.Answer answer : List.of(
                complete(),
                complete("Authorization", "Bearer sk-wrong"),
                complete("Authorization", "Basic c2s6"),
                // Nothing of a request is judged before its key.
                complete("Content-Encoding", "br"),
                service.get("/v1/models"),
                service.get("/v3/api-docs"),
                service.get("/actuator/prometheus"),
                service.get("/health/../v1/models"),
                service.get("//v1/models"))) {
            assertThat(answer.status()).as(answer.body()).isEqualTo(401);
            assertThat(answer.error().at("/code").stringValue()).isEqualTo("invalid_api_key");
            assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
        }
    }

    @Test
    void letsInKeysWithTheScope() {
        assertThat(complete("Authorization", "Bearer sk-good").status()).isEqualTo(200);
        assertThat(complete("Authorization", "bearer sk-admin").status()).isEqualTo(200);
        Service.Answer answer = complete("Authorization", "Bearer sk-other");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.error().at("/code").stringValue()).isEqualTo("insufficient_scope");
    }

    @Test
    void answersProbesWithoutAKey() {
        assertThat(service.get("/health").status()).isEqualTo(200);
        assertThat(service.get("/actuator/health").status()).isEqualTo(200);
    }

    @Test
    void slashesOpenNothingAndCloseNothing() {
        for (String open : List.of("//health", "/health/", "///health//", "//actuator//health/")) {
            assertThat(service.get(open).status()).as(open).isEqualTo(200);
        }
        for (String closed : List.of(
                "//v1/models",
                "/v1//models",
                "/v1/models/",
                "//health/../v1/models",
                "/health//..//v1/models",
                "/health/..;/v1/models/",
                "/health/%2e%2e//v1/models",
                "//actuator/prometheus/",
                "//v3/api-docs")) {
            Service.Answer answer = service.get(closed);
            assertThat(answer.status()).as(closed).isEqualTo(401);
            Service.Answer withKey = service.get(closed, "Authorization", "Bearer sk-good");
            assertThat(withKey.status()).as(closed).isIn(200, 404);
        }
    }

    @Test
    void limitsTheRateOfAKey() {
        String[] key = {"Authorization", "Bearer sk-slow"};
        assertThat(complete(key).status()).isEqualTo(200);
        assertThat(complete(key).status()).isEqualTo(200);
        Service.Answer answer = complete(key);
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.error().at("/code").stringValue()).isEqualTo("rate_limit_exceeded");
        assertThat(Integer.parseInt(answer.header("retry-after"))).isBetween(1, 30);
    }

    @Test
    void goesOnWithKnownKeysWhileTheRegistryIsAway() {
        assertThat(complete("Authorization", "Bearer sk-good").status()).isEqualTo(200);
        service.registry.setAway(true);
        try {
            assertThat(complete("Authorization", "Bearer sk-good").status()).isEqualTo(200);
            Service.Answer unknown = complete("Authorization", "Bearer sk-never-seen");
            assertThat(unknown.status()).isEqualTo(503);
            assertThat(unknown.error().at("/code").stringValue()).isEqualTo("registry_unavailable");
            assertThat(unknown.header("retry-after")).isNotEmpty();
        } finally {
            service.registry.setAway(false);
        }
    }

    @Test
    void opensCorsForTheOriginsConfiguredAlone() {
        assertThat(preflight("https://pages.example").header("access-control-allow-origin"))
                .isEqualTo("https://pages.example");
        assertThat(preflight("https://evil.example").header("access-control-allow-origin"))
                .isEmpty();
    }

    @Test
    void letsAllowedPagesReadThatAMethodIsNotThereAndRefusesOthersInOneForm() {
        for (String method : List.of("DELETE", "PUT", "PROPFIND")) {
            Service.Answer answer = withMethod(method, "https://pages.example");
            assertThat(answer.status()).as(answer.body()).isEqualTo(405);
            assertThat(answer.header("access-control-allow-origin")).isEqualTo("https://pages.example");
            assertThat(answer.error().at("/code").stringValue()).isEqualTo("method_not_allowed");
        }
        Service.Answer other = withMethod("GET", "https://evil.example");
        assertThat(other.status()).isEqualTo(403);
        assertThat(other.error().at("/message").stringValue()).contains("cors-origins");
    }

    private static Service.Answer withMethod(String method, String origin) {
        return service.send(HttpRequest.newBuilder(URI.create(service.url() + "/v1/models"))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .headers("Origin", origin, "Authorization", "Bearer sk-good")
                .build());
    }

    private static Service.Answer preflight(String origin) {
        return service.send(HttpRequest.newBuilder(URI.create(service.url() + "/v1/completions"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .headers("Origin", origin, "Access-Control-Request-Method", "POST")
                .build());
    }

    @Test
    void tellsAllowedPagesThatAPrivateNetworkMayBeCalled() {
        Service.Answer allowed = privatePreflight("https://pages.example");
        assertThat(allowed.header("access-control-allow-private-network")).isEqualTo("true");
        assertThat(privatePreflight("https://evil.example").header("access-control-allow-private-network"))
                .isEmpty();
    }

    private static Service.Answer privatePreflight(String origin) {
        return service.send(HttpRequest.newBuilder(URI.create(service.url() + "/v1/completions"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .headers("Origin", origin)
                .headers("Access-Control-Request-Method", "POST")
                .headers("Access-Control-Request-Private-Network", "true")
                .build());
    }

    @Test
    void letsAllowedPagesReadEveryError() {
        String origin = "https://pages.example";
        for (Service.Answer answer : List.of(
                complete("Origin", origin),
                complete("Origin", origin, "Authorization", "Bearer sk-other"),
                service.get("/v1/nothing", "Origin", origin, "Authorization", "Bearer sk-good"),
                service.get("/v1/models/a%2Fb", "Origin", origin),
                service.get("/v1/models/a%5Cb", "Origin", origin),
                service.get("/v1/models?x=" + "y".repeat(20_000), "Origin", origin),
                service.get("/v1/models", "Origin", origin, "X-Long", "y".repeat(20_000)),
                service.get("/v1/models", "A-Long", "y".repeat(20_000), "Origin", origin))) {
            assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
            assertThat(answer.header("access-control-allow-origin")).isEqualTo(origin);
            assertThat(answer.error().at("/message").stringValue()).isNotBlank().doesNotContain("(HTTP");
        }
        assertThat(service.get("/v1/models/a%2Fb", "Origin", "https://evil.example")
                        .header("access-control-allow-origin"))
                .isEmpty();
    }
}
