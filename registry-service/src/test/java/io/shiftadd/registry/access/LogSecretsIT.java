package io.shiftadd.registry.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;

/** Whatever is done with a secret, well or badly: the log does not have it. */
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(
        properties = {
            "shiftadd.registry.access.api-keys=on",
            "shiftadd.registry.access.admin-key=" + AccessIT.ADMIN,
            "shiftadd.registry.access.cors-origins=https://friend.example"
        })
class LogSecretsIT extends RegistryIT {

    private static final String GUESSED = "sk-shiftadd-guessed-by-somebody-0123456789";

    @Test
    void noSecretIsInTheLog(CapturedOutput log) {
        String admin = "Bearer " + AccessIT.ADMIN;
        String name = "logged-" + System.nanoTime();
        Answer made = api().post("/api/v1/api-keys", "{\"name\":\"" + name + "\"}", "Authorization", admin);
        assertThat(made.status()).isEqualTo(201);
        String key = made.json().path("key").asString();
        for (String bearer : List.of(admin, "Bearer " + key, "Bearer " + GUESSED, "Basic " + GUESSED, GUESSED)) {
            for (String path :
                    List.of("/api/v1/models", "/nowhere", "/api/v1/models/%00", "/api/v1/jobs?state=wrong")) {
                api().get(path, "Authorization", bearer);
            }
        }
        for (String body : List.of(
                "{\"key\":\"" + key + "\"}",
                "{\"key\":\"" + GUESSED + "\"}",
                "{\"key\":\"" + GUESSED + "\\u0000\"}",
                "{\"key\":\"" + GUESSED)) {
            api().post("/api/v1/api-keys/verify", body);
        }
        for (String password : List.of(AccessIT.ADMIN, key, GUESSED)) {
            api().send(api().request("/login")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("key=" + password)));
        }
        api().post("/api/v1/models", "{\"repository\":\"a/b\"}", "Authorization", admin);
        api().delete("/api/v1/api-keys/" + name, "Authorization", admin);
        assertThat(log.getAll()).doesNotContain(key, GUESSED, AccessIT.ADMIN, "hub-token");
        jdbc.sql("select to_jsonb(a)::text from registry.audit_entry a")
                .query(String.class)
                .list()
                .forEach(line -> assertThat(line).doesNotContain(key, GUESSED, AccessIT.ADMIN));
    }
}
