package io.shiftadd.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class PageRulesTest {

    private static final String SETTING = "the.origins";
    private static final OwnNames NAMES = new OwnNames(List.of());

    private final PageRules keyless = new PageRules(true, false, NAMES, List.of(), SETTING);
    private final PageRules keyed = new PageRules(false, false, NAMES, List.of(), SETTING);
    private final PageRules keyedWithSessions = new PageRules(false, true, NAMES, List.of(), SETTING);
    private final PageRules withFriend = new PageRules(true, true, NAMES, List.of("https://friend.example"), SETTING);

    private static MockHttpServletRequest request(String method, String... headers) {
        MockHttpServletRequest request = new MockHttpServletRequest(method, "/x");
        request.addHeader("Host", "localhost:8080");
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equals("Host")) {
                request.removeHeader("Host");
            }
            request.addHeader(headers[i], headers[i + 1]);
        }
        return request;
    }

    @Test
    void withoutKeysAForeignNameIsRefusedWithTheSetting() {
        for (String method : List.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE")) {
            assertThat(keyless.objection(
                            request(method, "Host", "evil.example:8080", "Origin", "http://evil.example:8080")))
                    .contains("evil.example:8080", OwnNames.SETTING);
        }
        assertThat(keyless.objection(request("GET"))).isNull();
        // What is older than HTTP/1.1 has none, and is no browser.
        MockHttpServletRequest old = request("GET");
        old.removeHeader("Host");
        assertThat(keyless.objection(old)).isNull();
    }

    @Test
    void withKeysAServiceMayHaveAnyName() {
        assertThat(keyed.objection(request("POST", "Host", "models.example"))).isNull();
        assertThat(keyedWithSessions.objection(
                        request("POST", "Host", "models.example", "Origin", "https://models.example")))
                .isNull();
    }

    @Test
    void withoutKeysAForeignOriginReadsNothing() {
        for (String origin : List.of(
                "https://evil.example",
                "null",
                "http://localhost:3000",
                "http://localhost.evil:8080",
                "file://",
                "x y")) {
            assertThat(keyless.objection(request("GET", "Origin", origin)))
                    .as(origin)
                    .contains(SETTING);
            assertThat(keyed.objection(request("GET", "Origin", origin))).isNull();
        }
    }

    @Test
    void anOriginOfOursIsTheSamePortByAnyOfOurNames() {
        for (String origin : List.of("http://localhost:8080", "http://127.0.0.1:8080", "https://[::1]:8080")) {
            assertThat(keyless.objection(request("POST", "Origin", origin)))
                    .as(origin)
                    .isNull();
            assertThat(keyless.saysItIsOurs(request("POST", "Origin", origin))).isTrue();
        }
        assertThat(keyless.saysItIsOurs(request("POST"))).isFalse();
    }

    @Test
    void whereBrowsersHaveSessionsChangesAreWatchedWithKeysToo() {
        assertThat(keyedWithSessions.objection(request("POST", "Origin", "https://evil.example")))
                .contains("https://evil.example", SETTING);
        assertThat(keyedWithSessions.objection(request("DELETE", "Sec-Fetch-Site", "same-site")))
                .contains("same-site");
        assertThat(keyedWithSessions.objection(request("GET", "Origin", "https://evil.example")))
                .isNull();
        // A link on another site's page.
        assertThat(keyless.objection(request("GET", "Sec-Fetch-Site", "cross-site")))
                .isNull();
    }

    @Test
    void allowedOriginsMayReadAndChange() {
        assertThat(withFriend.objection(request("POST", "Origin", "https://friend.example")))
                .isNull();
        assertThat(withFriend.objection(request("GET", "Origin", "https://other.example")))
                .contains(SETTING);
    }
}
