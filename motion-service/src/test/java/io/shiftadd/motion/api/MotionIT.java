package io.shiftadd.motion.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.motion.Service;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The service without MuJoCo, which answers all the same; and who may use it. */
class MotionIT {

    private static Service service;
    private static Service guarded;

    @BeforeAll
    static void start() {
        service = new Service("shiftadd.motion.library=/nowhere/libmujoco.so");
        guarded = new Service(
                "shiftadd.motion.library=/nowhere/libmujoco.so",
                "shiftadd.motion.access.api-keys=required",
                "shiftadd.registry-url=http://127.0.0.1:9");
    }

    @AfterAll
    static void stop() {
        service.close();
        guarded.close();
    }

    @Test
    void startsWithoutTheLibraryAndSaysWhatToDo() {
        assertThat(service.get("/actuator/health").status()).isEqualTo(200);
        assertThat(service.get("/actuator/health").body()).contains("/nowhere/libmujoco.so", "apt-get install");
        assertThat(service.get("/api/v1/motion").json().get("available").booleanValue())
                .isFalse();
        assertThat(service.get("/api/v1/motion").json().get("remedy").stringValue())
                .contains("libmujoco2.2.2");
        Service.Answer answer = service.post("/api/v1/motion/sessions");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.problem()).isEqualTo("library-missing");
        assertThat(answer.json().get("detail").stringValue()).contains("apt-get install libmujoco2.2.2");
    }

    @Test
    void answersEveryErrorAsAProblem() {
        assertThat(service.get("/api/v1/nothing").problem()).isEqualTo("not-found");
        assertThat(service.delete("/api/v1/motion").problem()).isEqualTo("method-not-allowed");
        assertThat(service.send(service.request("/api/v1/motion").header("Accept", "image/png"))
                        .problem())
                .isEqualTo("not-acceptable");
        assertThat(service.send(service.request("/api/v1/motion/sessions/x/instructions")
                                .header("Content-Type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString("Sit")))
                        .problem())
                .isEqualTo("unsupported-media-type");
        assertThat(service.send(service.request("/api/v1/motion/sessions/x/instructions")
                                .header("Content-Type", "application/json")
                                .header("Content-Encoding", "br")
                                .POST(HttpRequest.BodyPublishers.ofString("Sit")))
                        .problem())
                .isEqualTo("unsupported-media-type");
    }

    @Test
    void aQueryThatCannotBeTakenApartIsTheClientsMistake() {
        for (String query : List.of("robot=&=null", "=", "a=1&=2")) {
            assertThat(service.get("/api/v1/motion/tasks?" + query).status())
                    .as(query)
                    .isEqualTo(400);
        }
    }

    @Test
    void refusesChangesThatPagesOfOtherSitesSend() {
        assertThat(service.send(service.request("/api/v1/motion/sessions")
                                .header("Origin", "https://elsewhere.example")
                                .POST(HttpRequest.BodyPublishers.noBody()))
                        .problem())
                .isEqualTo("forbidden");
    }

    /** Pages and their files are open; what only looks like one of them is not. */
    @Test
    void noSpellingOfAPathGetsAroundTheKey() {
        for (String path : List.of(
                "/static/../api/v1/motion",
                "/static/%2e%2e/api/v1/motion",
                "/webjars/..;/api/v1/motion",
                "/static//..//api/v1/motion",
                "//api/v1/motion",
                "/api/v1/motion;/static/x",
                "/motion/../api/v1/motion")) {
            Service.Answer answer = guarded.get(path);
            assertThat(answer.status()).as(path).isIn(400, 401, 404);
            assertThat(answer.body()).as(path).doesNotContain("available");
        }
        for (String open : List.of("//actuator/health", "/motion/", "/actuator//health/")) {
            assertThat(guarded.get(open).status()).as(open).isNotEqualTo(401);
        }
    }

    @Test
    void tellsBrowsersWhatItsPagesMayDo() {
        Service.Answer page = service.get("/motion");
        assertThat(page.header("Content-Security-Policy")).contains("frame-ancestors 'none'");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(page.header("Referrer-Policy")).isEqualTo("same-origin");
    }

    @Test
    void asksForAKeyWhereOneIsNeeded() {
        Service.Answer answer = guarded.get("/api/v1/motion");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.problem()).isEqualTo("unauthorized");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(guarded.send(guarded.request("/api/v1/motion").header("Authorization", "Bearer x"))
                        .problem())
                .isEqualTo("unavailable");
        assertThat(guarded.get("/actuator/health").status()).isEqualTo(200);
        assertThat(guarded.get("/motion").status()).isEqualTo(200);
        assertThat(guarded.send(guarded.request("/api/v1/motion/sessions")
                                .header("Content-Type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString("Sit")))
                        .problem())
                .as("nothing else is told to those who have no key")
                .isEqualTo("unauthorized");
    }
}
