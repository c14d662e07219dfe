package io.shiftadd.registry.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(
        properties = {"shiftadd.registry.access.api-keys=on", "shiftadd.registry.access.admin-key=" + LoginIT.ADMIN})
class LoginIT extends RegistryIT {

    static final String ADMIN = "another-key-of-the-operator-long-enough";

    @Test
    void aBrowserIsSentToTheLoginAndBack() {
        Answer page = api().get("/jobs?state=failed", "Accept", "text/html");
        assertThat(page.status()).isEqualTo(303);
        assertThat(page.header("location")).isEqualTo("/login?next=%2Fjobs%3Fstate%3Dfailed");
        assertThat(api().get(page.header("location"), "Accept", "text/html").body())
                .contains("value=\"/jobs?state=failed\"");
        Answer in = logIn(ADMIN, "/jobs?state=failed");
        assertThat(in.status()).isIn(302, 303);
        assertThat(in.header("location")).endsWith("/jobs?state=failed");
        assertThat(in.header("set-cookie")).contains("HttpOnly", "SameSite=Strict");
    }

    @Test
    void aSessionSeesThePagesAndTheApiUntilItEnds() {
        String cookie = cookie(logIn(ADMIN, "/"));
        Answer page = api().get("/jobs", "Accept", "text/html", "Cookie", cookie);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("Log out", "SHIFTADD_ADMIN_KEY").doesNotContain(ADMIN);
        assertThat(api().get("/api/v1/jobs", "Cookie", cookie).status()).isEqualTo(200);
        assertThat(api().post("/logout", "", "Cookie", cookie, "Origin", api().base())
                        .status())
                .isIn(302, 303);
        assertThat(api().get("/api/v1/jobs", "Cookie", cookie).status()).isEqualTo(401);
    }

    @Test
    void aSessionChangesNothingForAPageOfAnotherSite() {
        String cookie = cookie(logIn(ADMIN, "/"));
        assertThat(api().post("/api/v1/models", "{}", "Cookie", cookie, "Origin", "https://evil.example")
                        .problem())
                .isEqualTo("forbidden");
        assertThat(api().post("/api/v1/models", "{}", "Cookie", cookie, "Sec-Fetch-Site", "same-site")
                        .problem())
                .isEqualTo("forbidden");
        assertThat(api().post("/api/v1/models", "{}", "Cookie", cookie).problem())
                .isEqualTo("forbidden");
        assertThat(api().post("/api/v1/models", "{}", "Cookie", cookie, "Origin", api().base())
                        .problem())
                .isEqualTo("invalid-field");
    }

    @Test
    void aFormOfOurPagesIsKnownByItsTokenWhereABrowserSaysNothing() {
        String cookie = cookie(logIn(ADMIN, "/"));
        String page =
                api().get("/jobs", "Accept", "text/html", "Cookie", cookie).body();
        Matcher token = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"").matcher(page);
        assertThat(token.find()).as(page).isTrue();
        assertThat(logOut(cookie, "_csrf=guessed").status()).isEqualTo(403);
        assertThat(logOut(cookie, "").status()).isEqualTo(403);
        assertThat(api().get("/api/v1/jobs", "Cookie", cookie).status()).isEqualTo(200);
        assertThat(logOut(cookie, "_csrf=" + encode(token.group(1))).status()).isIn(302, 303);
        assertThat(api().get("/api/v1/jobs", "Cookie", cookie).status()).isEqualTo(401);
    }

    private Answer logOut(String cookie, String form) {
        return api().send(api().request("/logout", "Cookie", cookie)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    @Test
    void aLoginBeginsASessionOfItsOwn() {
        String before = cookie(logIn(ADMIN, "/"));
        Answer again = api().send(api().request("/login", "Cookie", before)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", api().base())
                .POST(HttpRequest.BodyPublishers.ofString("key=" + ADMIN)));
        assertThat(cookie(again)).isNotEmpty().isNotEqualTo(before);
        assertThat(api().get("/api/v1/jobs", "Cookie", before).status()).isEqualTo(401);
    }

    @Test
    void aWrongKeyBeginsNoSession() {
        Answer answer = logIn("sk-shiftadd-wrong", "/");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body()).contains("not valid here");
        assertThat(answer.header("set-cookie")).isEmpty();
    }

    @Test
    void theLoginLeadsToOurOwnPagesOnly() {
        for (String next :
                new String[] {"//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"}) {
            assertThat(logIn(ADMIN, next).header("location")).as(next).doesNotContain("evil", "javascript");
        }
    }

    private Answer logIn(String key, String next) {
        return api().send(api().request("/login")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", api().base())
                .POST(HttpRequest.BodyPublishers.ofString("key=" + encode(key) + "&next=" + encode(next))));
    }

    private static String cookie(Answer answer) {
        return answer.header("set-cookie").replaceFirst(";.*", "");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
