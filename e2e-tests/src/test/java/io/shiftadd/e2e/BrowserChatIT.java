package io.shiftadd.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.shiftadd.cli.stack.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Conversations in a real browser with models that are really served. */
class BrowserChatIT {

    private static final String PLAIN = "llama-mini";
    /** The same model with a template that makes it think first. */
    private static final String THINKER = "thinks-first";

    private static final String TEMPLATE = """
            {%- for message in messages %}{{ message.content }}
            {% endfor %}{% if add_generation_prompt %}<think>
            {% endif %}""";

    /** What no page may do for a model, among what a text may have. */
    private static final String WRITTEN = """
            # A story

            It is **Bold**, `code`, <b>shown</b> <img src=x onerror="document.title='taken'">
            <script>document.title='taken'</script>

            ![picture](https://example.com/seen.png) [bad](javascript:document.title='taken') [good](https://example.com/)

            | a | b |
            |:--|--:|
            | 1 | <svg onload="document.title='taken'"> |

            - [x] done

            ```python
            print("<hello>")
            ```
            """;

    private static Browser browser;

    private Page page;

    @BeforeAll
    static void open() throws IOException {
        Optional<Path> chromium = Browser.installed();
        Assumptions.assumeTrue(
                chromium.isPresent(), "there is no Chromium: apt-get install chromium, or set CHROMIUM to its path");
        PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
        Platform platform = Platform.get();
        Registry registry = new Registry(platform);
        registry.importSample(PLAIN);
        Path thinker = platform.data().resolve("models").resolve(THINKER);
        FileSystemUtils.copyRecursively(Path.of("..", "samples", PLAIN), thinker);
        Files.writeString(thinker.resolve("chat_template.jinja"), TEMPLATE);
        registry.importSample(thinker.toString());
        // what is measured and seen is a model in memory
        Http inference = new Http(platform.url(Service.INFERENCE));
        for (String model : List.of(PLAIN, THINKER)) {
            assertThat(inference.post("/v1/models/" + model + "/load", "{}").status())
                    .isEqualTo(200);
        }
        browser = Browser.start(chromium.orElseThrow(), platform.url(Service.REGISTRY));
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void newcomer() {
        page = browser.desktop(ColorScheme.LIGHT);
    }

    @AfterEach
    void nothingComplainedAndNothingLeftLoopback() {
        page.context().close();
        assertThat(browser.complaints).isEmpty();
        assertThat(browser.strangers).isEmpty();
    }

    @Test
    void aConversationWithAModelFromItsPage() {
        page.navigate("/models/" + PLAIN);
        page.getByRole(AriaRole.MAIN)
                .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Chat"))
                .click();
        assertThat(page.locator("#model")).hasValue(PLAIN);
        deterministic();
        say("Once upon a time");
        assertThat(answers()).hasCount(1);
        assertThat(figures()).containsText(Pattern.compile("8 tokens · [\\d.]+ tokens/s · first after \\d+ ms"));
        String first = answers().first().locator(".body").innerText();
        assertThat(first).isNotBlank();
        assertThat(page.locator("#said")).containsText(PLAIN + ": ");
        assertThat(page.locator("#message")).isFocused();

        say("And then?");
        assertThat(answers()).hasCount(2);
        assertThat(figures()).hasCount(2);
        Browser.axe(page);
        // a refresh loses nothing
        page.reload();
        assertThat(answers()).hasCount(2);
        assertThat(answers().first().locator(".body")).hasText(first);
        assertThat(page.locator("[name=max_completion_tokens]")).hasValue("8");

        // the same question is answered the same, another one otherwise, and what followed is gone
        button("Edit this message").first().click();
        page.getByLabel("Your message").fill("The big dog");
        button("Send the edited message").click();
        assertThat(answers()).hasCount(1);
        assertThat(figures()).containsText("8 tokens");
        assertThat(answers().first().locator(".body")).not().hasText(first);
        button("Edit this message").click();
        page.getByLabel("Your message").fill("Once upon a time");
        button("Send the edited message").click();
        assertThat(answers().first().locator(".body")).hasText(first);
        set("max_completion_tokens", "3");
        button("Regenerate the answer of " + PLAIN).click();
        assertThat(figures()).containsText(Pattern.compile("^3 tokens.*cut by the limit of tokens"));
    }

    @Test
    void twoModelsSideBySideAndOneOfThemThinks() {
        page.navigate("/chat?model=" + PLAIN);
        page.locator("#second").selectOption(THINKER);
        deterministic();
        set("thinking_budget", "4");
        set("max_completion_tokens", "24");
        say("Tell me a story.");
        assertThat(answers()).hasCount(2);
        assertThat(figures()).hasCount(2);
        assertThat(figures().last()).containsText("24 tokens");
        Locator thoughts = page.locator(".thoughts");
        assertThat(thoughts.first()).isHidden();
        assertThat(thoughts.last()).isVisible();
        thoughts.last().click();
        assertThat(thoughts.last().locator(".thought")).not().isEmpty();
        assertThat(answers().last().locator(".body")).not().containsText("think");
        // answers that come at once have no speed beyond that of the model
        for (String said : figures().allInnerTexts()) {
            Matcher speed = Pattern.compile("([\\d.]+) tokens/s").matcher(said);
            assertThat(speed.find()).as(said).isTrue();
            assertThat(Double.parseDouble(speed.group(1))).isBetween(0.1, 10_000.0);
        }
        Browser.fits(page, "chat");
    }

    @Test
    void anAnswerCanBeStoppedAndStaysAsFarAsItCame() {
        receiveSlowly();
        page.navigate("/chat?model=" + PLAIN);
        // as soon as there is something to be seen
        page.evaluate("""
                new MutationObserver((_, watch) => {
                  if (document.querySelector('.assistant .body')?.innerText.length > 3) {
                    watch.disconnect();
                    document.getElementById('stop').click();
                  }
                }).observe(document.getElementById('turns'), { childList: true, subtree: true, characterData: true })""");
        set("temperature", "0");
        say("Once upon a time there was a girl who lived in a house and");
        assertThat(figures()).containsText(Pattern.compile("about \\d+ tokens.*stopped"));
        assertThat(page.locator("#stop")).isDisabled();
        assertThat(page.locator("#send")).isEnabled();
        page.reload();
        assertThat(figures()).containsText("stopped");
    }

    /** A small model writes all it may in the time that a browser takes to draw once. */
    private void receiveSlowly() {
        JsonObject slow = new JsonObject();
        slow.addProperty("offline", false);
        slow.addProperty("latency", 0);
        slow.addProperty("downloadThroughput", 20_000);
        slow.addProperty("uploadThroughput", -1);
        CDPSession network = page.context().newCDPSession(page);
        network.send("Network.enable");
        network.send("Network.emulateNetworkConditions", slow);
    }

    @Test
    void whatModelsWriteIsShownAndNeverObeyed() {
        keep("kept", "llama-mini", WRITTEN);
        page.navigate("/chat#kept");
        Locator body = answers().locator(".body");
        assertThat(body.locator("strong")).hasText("Bold");
        assertThat(body).containsText("<b>shown</b> <img src=x onerror=");
        assertThat(body).containsText("<script>");
        assertThat(body).containsText("☑ done");
        assertThat(body.locator("table td").last()).containsText("<svg");
        assertThat(body.locator("img, script, svg, b, [style], [onerror]")).hasCount(0);
        assertThat(body.locator("a")).hasCount(3);
        assertThat(body.getByText("bad")).not().hasAttribute("href", Pattern.compile(".*"));
        assertThat(body.getByText("good")).hasAttribute("rel", "noopener noreferrer");
        assertThat(page).hasTitle("Chat · ShiftAdd");
        page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        button("Copy this code").click();
        assertThat(button("Copy this code")).hasText("Copied");
        assertThat((String) page.evaluate("navigator.clipboard.readText()")).isEqualTo("print(\"<hello>\")\n");
        Browser.axe(page);
    }

    @Test
    void conversationsAreNamedAndDeleted() {
        keep("one", "llama-mini", "An answer");
        keep("two", "none-such", "Another answer");
        page.navigate("/chat#one");
        Locator list = page.locator("#conversations button");
        assertThat(list).hasCount(2);
        button("Rename").click();
        page.getByLabel("Name").fill("Better");
        page.keyboard().press("Enter");
        assertThat(page.locator("h1")).hasText("Better");
        assertThat(page.locator("#conversations [aria-current]")).hasText("Better");
        button("New conversation").click();
        assertThat(answers()).hasCount(0);
        assertThat(list).hasCount(2);
        list.filter(new Locator.FilterOptions().setHasText("Better")).click();
        page.onDialog(Dialog::accept);
        page.locator("#delete").click();
        assertThat(list).hasCount(1);

        // the other one's model is not there: the service says so, and what to do
        assertThat(page.locator("#model")).hasValue("none-such");
        button("Regenerate the answer of none-such").click();
        assertThat(answers().getByRole(AriaRole.ALERT)).containsText("none-such");
        assertThat(answers().getByRole(AriaRole.ALERT)).containsText("/v1/models");
        page.locator("#model").selectOption(PLAIN);
        deterministic();
        button("Regenerate the answer of none-such").click();
        assertThat(figures()).containsText("8 tokens");
        assertThat(answers().getByRole(AriaRole.ALERT)).isHidden();
        browser.complaints.removeIf(complaint -> complaint.contains("status of 404"));
    }

    @Test
    void fitsAPhoneInTheDarkAndTheKeyboard() {
        Page phone = browser.phone();
        phone.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        phone.addInitScript(
                "localStorage.setItem('conversation p', JSON.stringify(" + kept("p", PLAIN, WRITTEN) + "))");
        phone.navigate("/chat#p");
        assertThat(phone.locator(".assistant .body")).containsText("A story");
        assertThat(phone.locator("#conversations")).isHidden();
        assertThat(Browser.beyondTheEdge(phone)).isZero();
        Browser.axe(phone);
        assertThat(phone.locator("#message")).isFocused();
        phone.keyboard().type("One");
        phone.keyboard().press("Shift+Enter");
        phone.keyboard().type("two");
        assertThat(phone.locator("#message")).hasValue("One\ntwo");
        phone.keyboard().press("Tab");
        assertThat(phone.locator("#send")).isFocused();
        phone.context().close();
    }

    private void say(String text) {
        page.locator("#message").fill(text);
        page.locator("#message").press("Enter");
    }

    private void deterministic() {
        set("temperature", "0");
        set("max_completion_tokens", "8");
    }

    private void set(String name, String value) {
        // The page fills its form in when it opens a conversation, whose address it then has.
        page.waitForURL(url -> url.contains("/chat#"));
        Locator more = page.getByText("System prompt and sampling");
        if (!page.locator("#settings").isVisible()) {
            more.click();
        }
        page.locator("[name=" + name + "]").fill(value);
    }

    private Locator answers() {
        return page.locator(".message.assistant");
    }

    /** Of the answers that are complete. */
    private Locator figures() {
        return page.locator(".figures-line:visible:not(:empty)");
    }

    private Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** As this browser would have kept it. */
    private void keep(String id, String model, String answer) {
        page.addInitScript("if (!localStorage.getItem('there " + id + "')) {localStorage.setItem('there " + id
                + "', 'yes'); localStorage.setItem('conversation " + id + "', JSON.stringify("
                + kept(id, model, answer) + "))}");
    }

    private static String kept(String id, String model, String answer) {
        JsonMapper json = JsonMapper.shared();
        ObjectNode conversation = json.createObjectNode()
                .put("id", id)
                .put("title", "")
                .put("updated", 1)
                .put("system", "");
        conversation.putArray("models").add(model);
        conversation.putObject("settings");
        ObjectNode turn = conversation.putArray("turns").addObject().put("user", "Tell me a story.");
        turn.putArray("answers")
                .addObject()
                .put("model", model)
                .put("content", answer)
                .put("reasoning", "");
        return json.writeValueAsString(conversation);
    }
}
