package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real Chromium, which writes down what its console complains of and where it sends requests. */
final class Browser implements AutoCloseable {

    private static final List<String> PLACES = List.of(
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
            "/usr/bin/google-chrome-stable");

    private static final String SCREENSHOTS = "screenshots.directory";

    /** Complaints of the console, and exceptions that no script caught. */
    final List<String> complaints = new CopyOnWriteArrayList<>();

    /** Requests that did not go to loopback. */
    final List<String> strangers = new CopyOnWriteArrayList<>();

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser browser;
    private final String base;

    private Browser(Playwright playwright, com.microsoft.playwright.Browser browser, String base) {
        this.playwright = playwright;
        this.browser = browser;
        this.base = base;
    }

    /** Where a Chromium is installed: where {@code CHROMIUM} says, or in a usual place. */
    static Optional<Path> installed() {
        return Stream.concat(Stream.ofNullable(System.getenv("CHROMIUM")), PLACES.stream())
                .filter(Objects::nonNull)
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Browser start(Path chromium, String base) {
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        com.microsoft.playwright.Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        // as root, in containers, there is no sandbox to be had
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-dev-shm-usage",
                                "--disable-gpu",
                                // draws what is in 3D without a graphics card
                                "--enable-unsafe-swiftshader")));
        return new Browser(playwright, browser, base);
    }

    Page desktop(ColorScheme scheme) {
        return open(1280, 900, scheme);
    }

    Page phone() {
        return open(390, 844, ColorScheme.LIGHT);
    }

    private Page open(int width, int height, ColorScheme scheme) {
        BrowserContext context = browser.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setBaseURL(base)
                .setViewportSize(width, height)
                .setColorScheme(scheme));
        context.setDefaultTimeout(20_000);
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        page.onPageError(error -> complaints.add(page.url() + ": " + error));
        page.onRequest(request -> {
            String host = String.valueOf(URI.create(request.url()).getHost());
            if (!host.equals("127.0.0.1") && request.url().startsWith("http")) {
                strangers.add(request.url());
            }
        });
        return page;
    }

    /** Takes a picture when the build asks for pictures; see the README of their directory. */
    static void picture(Page page, String name) {
        @Nullable String directory = System.getProperty(SCREENSHOTS);
        if (directory != null) {
            page.evaluate("window.scrollTo(0, 0)");
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(directory, name + ".png")));
        }
    }

    /** On whoever uses a screen reader too; and a picture for the documentation. */
    static void fits(Page page, String name) {
        axe(page);
        picture(page, name);
    }

    /** Nothing on the page keeps anybody from it. */
    static void axe(Page page) {
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

    /** How many pixels of the page lie beyond the right edge of the screen. */
    static int beyondTheEdge(Page page) {
        return (int) page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
