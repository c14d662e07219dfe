package io.shiftadd.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import io.shiftadd.cli.stack.Service;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What a person sees and does: in a real browser, from the form that starts a job to the prompt that uses its result.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrowserIT {

    /** Of six blocks, and the head, which is a large part of so small a model. */
    private static final int LAYERS = 6 * 7 + 1;

    private static final String ORIGINAL = "llama-mini";
    private static final String RESULT = "seen-in-a-browser";
    private static final String TEXT = "seen-text";
    private static final String STORY = "Lily had a red ball. She went to the park with her mom and saw a big dog. ";
    private static final double LONGEST_JOB = 240_000;
    /** When a page first showed something, in milliseconds since it was asked for; waits until it has. */
    private static final String FIRST_PAINT = """
            new Promise((done) => new PerformanceObserver((list) => list.getEntriesByName('first-contentful-paint')
                .forEach((entry) => done(entry.startTime))).observe({type: 'paint', buffered: true}))""";

    private static final List<String> PAGES =
            List.of("/", "/models/" + RESULT, "/jobs", "/jobs/new", "/compare", "/playground", "/chat");

    private static Browser browser;

    @BeforeAll
    static void open() {
        Optional<Path> chromium = Browser.installed();
        Assumptions.assumeTrue(
                chromium.isPresent(), "there is no Chromium: apt-get install chromium, or set CHROMIUM to its path");
        PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
        Platform platform = Platform.get();
        new Registry(platform).importSample(ORIGINAL);
        new Registry(platform).importSample("opt-mini");
        browser = Browser.start(chromium.orElseThrow(), platform.url(Service.REGISTRY));
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void nothingComplainedAndNothingLeftLoopback() {
        assertThat(browser.complaints).isEmpty();
        assertThat(browser.strangers).isEmpty();
    }

    @Test
    @Order(1)
    void startsAJobFromTheFormAndWatchesItToTheEnd() {
        Page page = browser.desktop(ColorScheme.LIGHT);
        page.navigate("/");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("New job"))
                .click();
        page.locator("select[name=model]").selectOption(ORIGINAL);
        page.getByRole(AriaRole.RADIO, new Page.GetByRoleOptions().setName(Pattern.compile("^lat")))
                .check();
        page.getByLabel("Name of the result").fill(RESULT);
        Locator bits = page.locator("#bits");
        bits.press("ArrowLeft");
        assertThat(bits).hasValue("2");
        assertThat(page.locator("#estimate")).containsText("Size of the result");
        page.getByText("Advanced").click();
        page.getByLabel("Calibration sequences").fill("16");
        page.getByLabel("Tokens a sequence").fill("64");
        page.getByLabel("Evaluation windows").fill("8");
        page.getByLabel("Rounds of the fit").fill("5");
        Browser.fits(page, "job-form");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Start"))
                .click();
        page.waitForURL(Pattern.compile("/jobs/[0-9a-f-]{36}$"));
        Locator done = page.locator(".blocks li.done");
        LocatorAssertions.HasCountOptions patient = new LocatorAssertions.HasCountOptions().setTimeout(LONGEST_JOB);
        assertThat(page.locator(".blocks li.done").first())
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(LONGEST_JOB));
        // a refresh loses nothing
        int before = done.count();
        page.reload();
        assertThat(done.count()).isGreaterThanOrEqualTo(before);
        Browser.picture(page, "job-running");
        assertThat(done).hasCount(6, patient);
        assertThat(page.locator("#result")).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(LONGEST_JOB));
        assertThat(page.locator(".state")).hasText("succeeded");
        assertThat(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Cancel")))
                .isHidden();
        assertThat(page.locator("#loss")).isVisible();
        assertThat(page.locator("#charts")).hasAttribute("data-layers", Integer.toString(LAYERS));
        Browser.fits(page, "job");
    }

    @Test
    @Order(2)
    void opensTheModelThatCameOut() {
        Page page = browser.desktop(ColorScheme.LIGHT);
        page.navigate("/");
        Browser.fits(page, "models");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(RESULT))
                .first()
                .click();
        assertThat(page.locator("svg.layers").first().locator("g")).hasCount(LAYERS);
        assertThat(page.getByText("Its linear layers")).isVisible();
        Browser.fits(page, "model");
        page.getByText("Python").click();
        assertThat(page.getByText("from openai import OpenAI")).isVisible();
    }

    @Test
    @Order(3)
    void comparesTheModels() {
        Page page = browser.desktop(ColorScheme.LIGHT);
        page.navigate("/compare");
        assertThat(page.locator("#pareto")).isVisible();
        assertThat(page.locator("tbody tr").filter(new Locator.FilterOptions().setHasText(RESULT)))
                .isVisible();
        Browser.fits(page, "compare");
    }

    @Test
    @Order(4)
    void completesAPromptWithBothModels() {
        Page page = browser.desktop(ColorScheme.LIGHT);
        page.navigate("/playground?model=" + RESULT);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Complete"))
                .click();
        for (String side : List.of("left", "right")) {
            Locator place = page.locator("[data-side=" + side + "]");
            assertThat(place.locator(".token"))
                    .hasCount(48, new LocatorAssertions.HasCountOptions().setTimeout(60_000));
            assertThat(place.locator("[data-meter=first]")).containsText("ms");
            assertThat(place.locator("[data-meter=count]")).hasText("48");
        }
        Locator tip = page.locator("#tip");
        assertThat(tip).isHidden();
        page.locator("[data-side=right] .token").nth(20).hover();
        assertThat(tip).containsText(Pattern.compile("\\d %.*-?\\d+\\.\\d{3}"));
        Browser.fits(page, "playground");
        // the same by keyboard
        page.mouse().move(0, 0);
        assertThat(tip).isHidden();
        page.locator("[data-side=left] .answer").focus();
        page.keyboard().press("ArrowRight");
        assertThat(page.locator("[data-side=left] .token").first()).isFocused();
        assertThat(tip).isVisible();
        page.keyboard().press("Escape");
        assertThat(tip).isHidden();
        assertThat(page.locator("[data-side=left] select")).hasValue(ORIGINAL);
    }

    @Test
    @Order(5)
    void saysWhatIsWrongWithARequest() {
        Page page = browser.desktop(ColorScheme.LIGHT);
        page.navigate("/jobs/new?model=" + ORIGINAL);
        page.getByLabel("Name of the result").fill(ORIGINAL);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Start"))
                .click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("belongs to a registered model");
        assertThat(page.getByLabel("Name of the result")).hasAttribute("aria-invalid", "true");
        // the browser itself tells of the refusal, in its own words
        browser.complaints.removeIf(complaint -> complaint.contains("status of 409"));
    }

    @Test
    @Order(6)
    void worksWithTheKeyboardAndInTheDark() {
        Page page = browser.desktop(ColorScheme.DARK);
        page.navigate("/");
        page.keyboard().press("Tab");
        assertThat(page.getByText("Skip to the content")).isFocused();
        page.keyboard().press("Enter");
        page.keyboard().press("Tab");
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("New job")))
                .isFocused();
        for (String path : PAGES) {
            page.navigate(path);
            Browser.axe(page);
        }
        page.navigate("/models/" + RESULT);
        Browser.picture(page, "model-dark");
    }

    @Test
    @Order(7)
    void fitsAPhone() {
        Page page = browser.phone();
        for (String path : PAGES) {
            page.navigate(path);
            assertThat(Browser.beyondTheEdge(page)).as(path).isZero();
        }
        page.navigate("/models/" + RESULT);
        Browser.picture(page, "model-phone");
    }

    /** Printed, not asserted: the machine may be busy. The goal is a second on loopback. */
    @Test
    @Order(8)
    void tellsWhenEachPageIsPainted() {
        Page page = browser.desktop(ColorScheme.LIGHT);
        for (String path : PAGES) {
            page.navigate(path);
            double millis = ((Number) page.evaluate(FIRST_PAINT)).doubleValue();
            System.out.printf("first contentful paint of %s after %.0f ms%n", path, millis);
            assertThat(millis).isPositive();
        }
    }

    @Test
    @Order(9)
    void evaluatesAModelBesideItsOriginal() {
        Page page = browser.desktop(ColorScheme.LIGHT);
        page.navigate("/models/" + RESULT);
        page.getByRole(
                        AriaRole.LINK,
                        new Page.GetByRoleOptions().setName("Evaluate").setExact(true))
                .click();
        assertThat(page.locator("select[name=model]")).hasValue(RESULT);
        assertThat(page.locator("select[name=baseline]")).hasValue(ORIGINAL);
        // on samples of its own a model would be ahead: another model needs a common text
        page.getByText("Add a text").click();
        page.getByLabel("Text file")
                .setInputFiles(new FilePayload(
                        TEXT + ".txt", "text/plain", STORY.repeat(40).getBytes(StandardCharsets.UTF_8)));
        assertThat(page.locator("select[name=evaluationText]")).hasValue(TEXT);
        page.getByText("Advanced").click();
        page.getByLabel("Tokens a sequence").fill("64");
        page.getByLabel("Evaluation windows").fill("4");
        Browser.fits(page, "evaluation-form");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Start"))
                .click();
        page.waitForURL(Pattern.compile("/jobs/[0-9a-f-]{36}$"));
        assertThat(page.locator(".state"))
                .hasText("succeeded", new LocatorAssertions.HasTextOptions().setTimeout(LONGEST_JOB));
        Locator scores = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Table of scores"));
        assertThat(scores).containsText(Pattern.compile("Text, perplexity\\s*\\d+\\.\\d\\d ± \\d+\\.\\d\\d"));
        assertThat(scores).containsText(ORIGINAL);
        Browser.axe(page);
        page.navigate("/models/" + RESULT);
        assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Table of scores")))
                .containsText("±");
        page.navigate("/compare");
        assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Table of scores")))
                .containsText("±");
    }

    @Test
    @Order(10)
    void saysWhyAJobFailedAndBeginsAnotherLikeIt() {
        Page page = browser.desktop(ColorScheme.LIGHT);
        page.navigate("/jobs/new?kind=evaluate&model=" + ORIGINAL);
        // the worker of these tests has no data of tasks
        page.getByLabel("COPA").check();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Start"))
                .click();
        page.waitForURL(Pattern.compile("/jobs/[0-9a-f-]{36}$"));
        assertThat(page.locator(".state"))
                .hasText("failed", new LocatorAssertions.HasTextOptions().setTimeout(LONGEST_JOB));
        assertThat(page.getByText("Why it failed")).isVisible();
        assertThat(page.getByText("What to do")).isVisible();
        assertThat(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Retry")))
                .isVisible();
        Browser.axe(page);
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Duplicate"))
                .click();
        assertThat(page.getByLabel("COPA")).isChecked();
        assertThat(page.getByLabel("Evaluate a model")).isChecked();
        assertThat(page.locator("select[name=model]")).hasValue(ORIGINAL);
    }

    @Test
    @Order(11)
    void aPageThatIsNotThereSaysSo() {
        Page page = browser.desktop(ColorScheme.LIGHT);
        page.navigate("/none-such");
        assertThat(page.getByRole(AriaRole.HEADING)).hasText("There is no such page");
        Browser.axe(page);
        browser.complaints.removeIf(complaint -> complaint.contains("status of 404"));
    }
}
