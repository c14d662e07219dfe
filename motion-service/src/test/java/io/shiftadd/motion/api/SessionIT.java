package io.shiftadd.motion.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shiftadd.motion.Libraries;
import io.shiftadd.motion.ScriptedLanguageModel;
import io.shiftadd.motion.Service;
import io.shiftadd.motion.task.Tasks;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SessionIT {

    private static final String SESSIONS = "/api/v1/motion/sessions";
    private static final String SIT = Tasks.named("sit").description().toJson().toString();

    private static ScriptedLanguageModel model;
    private static Service service;

    @BeforeAll
    static void start() {
        Libraries.any();
        model = new ScriptedLanguageModel();
        service = new Service(
                "shiftadd.motion.sessions=2",
                "shiftadd.motion.samples=8",
                "shiftadd.motion.language-model.base-url=" + model.url());
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
            model.close();
        }
    }

    @AfterEach
    void endAll() {
        service.get(SESSIONS).json().get("items").forEach(session -> service.delete(path(session)));
    }

    private static String path(JsonNode session) {
        return SESSIONS + "/" + session.get("id").stringValue();
    }

    private static String begin() {
        Service.Answer answer = service.post(SESSIONS);
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("Location")).isEqualTo(path(answer.json()));
        return path(answer.json());
    }

    @Test
    void theRobotDoesWhatTheModelUnderstood() {
        String session = begin();
        model.says(SIT);
        Service.Answer answer = service.post(session + "/instructions", "{\"text\":\"Duck down and stay flat.\"}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("applied").booleanValue()).isTrue();
        assertThat(answer.json().get("description").toString()).isEqualTo(SIT);
        assertThat(answer.json().at("/reward/posture").intValue()).isEqualTo(2);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(height(session)).isLessThan(0.2));
    }

    /** The torso's height in the newest frame of the recording. */
    private static double height(String session) {
        String last = service.get(session + "/recording")
                .body()
                .lines()
                .reduce((_, line) -> line)
                .orElseThrow();
        return JsonMapper.shared().readTree(last).at("/joints/2").doubleValue();
    }

    @Test
    void whatCannotBeIsSaidAndTheMotionGoesOn() {
        String session = begin();
        assertThat(service.post(session + "/instructions", "{\"description\":" + SIT + "}")
                        .status())
                .isEqualTo(200);
        model.says(SIT.replace("0.12", "7"));
        JsonNode turn = service.post(session + "/instructions", "{\"text\":\"Be 7 m tall.\"}")
                .json();
        assertThat(turn.get("applied").booleanValue()).isFalse();
        assertThat(turn.get("problem").stringValue()).contains("torso.height is 7", "0.05 to 0.65 metres");
        assertThat(service.get(session).json().get("turns")).hasSize(2);
        model.says(SIT);
        service.post(session + "/instructions", "{\"text\":\"Sit.\"}");
        model.says(SIT);
        service.post(session + "/instructions", "{\"text\":\"Stay.\"}");
        assertThat(model.asked().get("messages")).hasSize(3);
    }

    @Test
    void anArmIsARobotToo() {
        Service.Answer answer = service.post(SESSIONS, "{\"robot\":\"arm\"}");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().get("robot").stringValue()).isEqualTo("arm");
        String session = path(answer.json());
        model.says("{\"touch\":\"cube\"}");
        JsonNode turn = service.post(session + "/instructions", "{\"text\":\"Touch the cube.\"}")
                .json();
        assertThat(turn.get("applied").booleanValue()).isTrue();
        assertThat(turn.at("/reward/w_reach").doubleValue()).isPositive();
        assertThat(service.post(session + "/instructions", "{\"description\":" + SIT + "}")
                        .problem())
                .isEqualTo("invalid-field");
        await().untilAsserted(() -> assertThat(
                        service.get(session + "/recording?format=csv").body().lines())
                .hasSizeGreaterThan(2)
                .first()
                .asString()
                .startsWith("time,joint1,")
                .contains(",drawer,x,"));
        assertThat(service.get("/api/v1/motion/tasks?robot=arm").json()).hasSize(4);
        assertThat(service.get("/api/v1/motion/scene?robot=arm").json().get("geoms"))
                .hasSizeGreaterThan(15);
        assertThat(service.get("/api/v1/motion/scene?robot=snake")
                        .json()
                        .get("detail")
                        .stringValue())
                .contains("'snake'", "quadruped or arm");
        assertThat(service.post(SESSIONS, "{\"robot\":7}").problem()).isEqualTo("invalid-field");
    }

    @Test
    void takesRewardsByHandAndRefusesWrongOnes() {
        String session = begin();
        JsonNode turn = service.post(session + "/instructions", "{\"reward\":{\"w_height\":3,\"height\":0.2}}")
                .json();
        assertThat(turn.get("applied").booleanValue()).isTrue();
        Service.Answer wrong = service.post(session + "/instructions", "{\"reward\":{\"w_hight\":3}}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.problem()).isEqualTo("invalid-field");
        assertThat(wrong.json().at("/errors/0/remedy").stringValue()).contains("w_height");
    }

    @Test
    void refusesWhatIsNoInstruction() {
        String session = begin() + "/instructions";
        assertThat(service.post(session, "{}").problem()).isEqualTo("invalid-field");
        assertThat(service.post(session, "{\"txt\":\"Sit\"}")
                        .json()
                        .get("detail")
                        .stringValue())
                .contains("text");
        assertThat(service.post(session, "{\"text\":\"  \"}").problem()).isEqualTo("invalid-field");
        assertThat(service.post(session, "{\"text\":\"" + "x".repeat(2_001) + "\"}")
                        .problem())
                .isEqualTo("invalid-field");
        assertThat(service.post(session, "{\"text\":").problem()).isEqualTo("malformed-request");
        assertThat(service.post(session, "{\"description\":{}}").json().get("errors"))
                .hasSize(4);
        assertThat(service.post(session, "{\"description\":" + SIT + ",\"reward\":{\"x\":1}}")
                        .problem())
                .isEqualTo("invalid-field");
        assertThat(service.post(SESSIONS, "{\"seed\":\"x\"}").problem()).isEqualTo("invalid-field");
    }

    @Test
    void beginsNoMoreSessionsThanMayRun() {
        begin();
        String second = begin();
        Service.Answer third = service.post(SESSIONS);
        assertThat(third.status()).isEqualTo(429);
        assertThat(third.problem()).isEqualTo("too-many-sessions");
        assertThat(third.header("Retry-After")).isNotEmpty();
        assertThat(service.delete(second).status()).isEqualTo(204);
        assertThat(service.get(second).status()).isEqualTo(404);
        begin();
    }

    @Test
    void tellsFollowersOfTurnsFramesAndTheEnd() throws IOException, InterruptedException {
        String session = begin();
        service.post(session + "/instructions", "{\"text\":\"Sit down.\",\"description\":" + SIT + "}");
        HttpResponse<InputStream> response = service.http()
                .send(service.request(session + "/events").GET().build(), HttpResponse.BodyHandlers.ofInputStream());
        List<String> events = new ArrayList<>();
        try (Scanner lines = new Scanner(response.body(), StandardCharsets.UTF_8)) {
            boolean ended = false;
            while (lines.hasNextLine()) {
                String line = lines.nextLine();
                if (line.startsWith("event: ")) {
                    events.add(line.substring(7));
                }
                if (!ended && events.size() > 3) {
                    ended = true;
                    service.delete(session);
                }
            }
        }
        assertThat(events).startsWith("turn", "frame", "frame").endsWith("end");
    }

    @Test
    void standsStillWhilePausedAndBeginsAnewAfterAReset() {
        String session = begin();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> service.get(session).json().get("time").doubleValue() > 0.2);
        assertThat(service.post(session + "/pause").json().get("paused").booleanValue())
                .isTrue();
        service.post(session + "/reset");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> service.get(session).json().get("time").doubleValue() == 0);
        service.post(session + "/resume");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> service.get(session).json().get("time").doubleValue() > 0);
    }

    @Test
    void givesTheRunAsLinesAndAsATable() {
        String session = begin();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> service.get(session + "/recording").body().lines().count() > 4);
        List<String> lines = service.get(session + "/recording").body().lines().toList();
        JsonNode head = JsonMapper.shared().readTree(lines.getFirst());
        JsonNode frame = JsonMapper.shared().readTree(lines.getLast());
        assertThat(frame.get("joints")).hasSameSizeAs(head.get("joints"));
        List<String> table =
                service.get(session + "/recording?format=csv").body().lines().toList();
        assertThat(table.getFirst().split(","))
                .hasSize(20)
                .startsWith("time", "x")
                .endsWith("knee_RR");
        assertThat(table.getLast().split(",")).hasSize(20);
        assertThat(service.get(session + "/recording?format=xml").problem()).isEqualTo("invalid-field");
    }

    @Test
    void givesTheSceneAndTheTasks() {
        JsonNode scene = service.get("/api/v1/motion/scene").json();
        assertThat(scene.get("bodies").intValue()).isEqualTo(14);
        assertThat(scene.get("geoms").size()).isEqualTo(19);
        assertThat(service.get("/api/v1/motion/tasks").json()).hasSize(9);
    }

    @Test
    void saysSoWhenNoLanguageModelAnswers() {
        String session = begin();
        model.refuses(503, "overloaded", "try later");
        Service.Answer answer = service.post(session + "/instructions", "{\"text\":\"Sit.\"}");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.problem()).isEqualTo("language-model-unavailable");
        assertThat(answer.json().get("detail").stringValue()).contains("try later");
    }
}
