package io.shiftadd.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.shiftadd.cli.stack.Service;
import io.shiftadd.motion.task.Task;
import io.shiftadd.motion.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Words in, motion out: the motion-service beside the platform, its page in a real browser. */
class MotionIT {

    private static final Path MODEL = Path.of("..", "..", "shared", "models", "motion-mini");
    private static final String SESSIONS = "/api/v1/motion/sessions";

    /** Milliseconds: the picture is drawn by software here, beside a planner and a whole platform. */
    private static final int PATIENCE = 60_000;

    private static Platform platform;
    private static Http motion;

    @BeforeAll
    static void start() throws InterruptedException {
        platform = Platform.get();
        platform.start(Service.MOTION);
        motion = new Http(platform.url(Service.MOTION));
        JsonNode state = motion.get("/api/v1/motion").json();
        assumeTrue(state.get("available").booleanValue(), state.path("remedy").asString(""));
    }

    @AfterAll
    static void stop() {
        platform.stop(Service.MOTION);
    }

    @Test
    void whatIsSaidIsUnderstoodByAServedModelAndDone() throws IOException {
        assumeTrue(Files.isDirectory(MODEL), "models/motion-mini of ../shared is not there");
        Path served = platform.data().resolve("models").resolve("motion-mini");
        Files.createDirectories(served);
        try (Stream<Path> files = Files.list(MODEL)) {
            for (Path file : files.toList()) {
                Files.copy(file, served.resolve(file.getFileName()));
            }
        }
        Http.Answer imported =
                new Http(platform.url(Service.REGISTRY)).post("/api/v1/models", "{\"path\": \"motion-mini\"}");
        assertThat(imported.status()).as(imported.text()).isEqualTo(201);
        Task paw = Tasks.named("paw");
        Task higher = Tasks.named("higher");
        String session =
                SESSIONS + "/" + motion.post(SESSIONS, "{}").json().get("id").stringValue();
        JsonNode first = say(session, paw.instructions().getFirst());
        assertThat(first.get("description").toString())
                .isEqualTo(paw.description().toJson().toString());
        JsonNode second = say(session, higher.instructions().getFirst());
        assertThat(second.get("description").toString())
                .isEqualTo(higher.description().toJson().toString());
        assertThat(motion.get(session + "/recording").text().lines().count()).isGreaterThan(1);
        assertThat(motion.delete(session).status()).isEqualTo(204);
    }

    private static JsonNode say(String session, String text) {
        Http.Answer answer = motion.post(session + "/instructions", "{\"text\": \"" + text + "\"}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().get("applied").booleanValue())
                .as(answer.text())
                .isTrue();
        return answer.json();
    }

    @Test
    void thePageShowsTheRobotAndTellsItWhatToDo() {
        Optional<Path> chromium = Browser.installed();
        assumeTrue(chromium.isPresent(), "there is no Chromium: apt-get install chromium, or set CHROMIUM to its path");
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
        try (Browser browser = Browser.start(chromium.orElseThrow(), platform.url(Service.MOTION))) {
            Page page = browser.desktop(ColorScheme.LIGHT);
            page.setDefaultTimeout(PATIENCE);
            page.navigate("/motion");
            assertThat(page.locator("#state")).hasText("Connected");
            button(page, "paw").click();
            Locator turns = page.locator("#turns li");
            assertThat(turns).hasCount(1);
            assertThat(turns.first()).containsText("Lift your front right paw.");
            assertThat(page.locator("#legend")).containsText("feet");
            assertThat(page.locator("#plan")).containsText("ms");
            Browser.picture(page, "motion");
            axe(page);
            button(page, "Pause").click();
            assertThat(button(page, "Go on")).isVisible();
            button(page, "Go on").click();
            button(page, "Numbers only").click();
            assertThat(page.locator("#rows")).containsText("Height");
            assertThat(page.locator("#robot")).isHidden();
            axe(page);
            // a reload comes back to the same session
            page.reload();
            assertThat(page.locator("#turns li")).hasCount(1);
            theArmTouches(page);
            Page phone = browser.phone();
            phone.setDefaultTimeout(PATIENCE);
            phone.navigate("/motion");
            assertThat(phone.locator("#state")).hasText("Connected");
            assertThat((Boolean) phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                    .isTrue();
            Browser.picture(phone, "motion-phone");
            assertThat(browser.strangers).isEmpty();
            // reading the picture back, which a software renderer says is slow
            browser.complaints.removeIf(complaint -> complaint.contains("GL Driver Message"));
            assertThat(browser.complaints).isEmpty();
        } finally {
            motion.get(SESSIONS)
                    .json()
                    .get("items")
                    .forEach(session ->
                            motion.delete(SESSIONS + "/" + session.get("id").stringValue()));
        }
    }

    /** The other robot, in the place of the first. */
    private static void theArmTouches(Page page) {
        button(page, "Numbers only").click();
        page.locator("#kind").selectOption("arm");
        button(page, "touch").click();
        assertThat(page.locator("#turns li")).hasCount(1);
        assertThat(page.locator("#turns li").first()).containsText("Touch the cube.");
        assertThat(page.locator("#legend")).containsText("reach");
        Browser.picture(page, "motion-arm");
        axe(page);
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static void axe(Page page) {
        assertThat(new AxeBuilder(page).setLegacyMode(true).analyze().getViolations())
                .filteredOn(rule -> List.of("serious", "critical").contains(rule.getImpact()))
                .extracting(
                        rule -> rule.getId() + ": " + rule.getNodes().getFirst().getHtml())
                .isEmpty();
    }
}
