package io.shiftadd.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.shiftadd.cli.stack.Service;
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

/** What a person sees and does: in a real browser, from the form that starts a job to the prompt that uses its result. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrowserIT {

    private static final String ORIGINAL = "llama-mini";
    private static final String RESULT = "seen-in-a-browser";
    private static final double LONGEST_JOB = 240_000;

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
        fits(page, "job-form");
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
        assertThat(page.locator("#charts")).hasAttribute("data-layers", "42");
        fits(page, "job");
    }

    @Test
    @Order(2)
    void opensTheModelThatCameOut() {
        Page page = browser.desktop(ColorScheme.LIGHT);
        page.navigate("/");
        fits(page, "models");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(RESULT))
                .first()
                .click();
        assertThat(page.locator("svg.layers").first().locator("g")).hasCount(6 * 7);
        assertThat(page.getByText("Its linear layers")).isVisible();
        fits(page, "model");
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
        fits(page, "compare");
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
            assertThat(place.locator(".token").first()).hasAttribute("title", Pattern.compile("\\d %"));
        }
        assertThat(page.locator("[data-side=left] select")).hasValue(ORIGINAL);
        fits(page, "playground");
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
        for (String path : List.of("/", "/models/" + RESULT, "/jobs", "/jobs/new", "/compare", "/playground")) {
            page.navigate(path);
            axe(page);
        }
        page.navigate("/models/" + RESULT);
        Browser.picture(page, "model-dark");
    }

    @Test
    @Order(7)
    void fitsAPhone() {
        Page page = browser.phone();
        for (String path : List.of("/", "/models/" + RESULT, "/jobs", "/jobs/new", "/compare", "/playground")) {
            page.navigate(path);
            Object beyond =
                    page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            assertThat(beyond).as(path).isEqualTo(0);
        }
        page.navigate("/models/" + RESULT);
        Browser.picture(page, "model-phone");
    }

    /** On whoever uses a screen reader too; and a picture for the documentation. */
    private static void fits(Page page, String name) {
        axe(page);
        Browser.picture(page, name);
    }

    private static void axe(Page page) {
        List<Rule> violations =
                new AxeBuilder(page).setLegacyMode(true).analyze().getViolations();
        assertThat(violations)
                .as(page.url())
                .filteredOn(rule -> List.of("serious", "critical").contains(rule.getImpact()))
                .extracting(
                        rule -> rule.getId() + ": " + rule.getNodes().getFirst().getHtml() + " "
                                + rule.getNodes().getFirst().getFailureSummary())
                .isEmpty();
    }
}
