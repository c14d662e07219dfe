package io.shiftadd.registry.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** What a page in the browser of whoever runs the service may do to it without keys: nothing. */
class ForeignPageIT extends RegistryIT {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final List<String> SIMPLE = List.of("text/plain", FORM, "multipart/form-data; boundary=x");

    @Autowired
    private List<RequestMappingInfoHandlerMapping> mappings;

    private record Operation(String method, String path) {}

    /** All that controllers and actuator have, and files. */
    private List<Operation> operations() {
        List<Operation> all = new ArrayList<>(List.of(
                new Operation("GET", "/static/app.css"),
                new Operation("GET", "/swagger-ui/index.html"),
                new Operation("GET", "/no/such/path"),
                new Operation("OPTIONS", "/api/v1/models")));
        for (RequestMappingInfoHandlerMapping mapping : mappings) {
            for (RequestMappingInfo info : mapping.getHandlerMethods().keySet()) {
                for (String pattern : info.getPatternValues()) {
                    String path = pattern.replaceAll("\\{[^}]*}", "x").replace("**", "x");
                    (info.getMethodsCondition().getMethods().isEmpty()
                                    ? Stream.of(RequestMethod.GET, RequestMethod.POST)
                                    : info.getMethodsCondition().getMethods().stream())
                            .forEach(method -> all.add(new Operation(method.name(), path)));
                }
            }
        }
        assertThat(all)
                .extracting(Operation::path)
                .contains("/actuator/prometheus", "/api/v1/api-keys", "/login", "/jobs");
        assertThat(all.size()).isGreaterThan(50);
        return all;
    }

    private Answer send(Operation operation, String body, String... headers) {
        return api().send(api().request(operation.path(), headers)
                .method(operation.method(), body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    private int port() {
        return URI.create(api().base()).getPort();
    }

    @Test
    void aNameThatWasMadeToLeadHereReachesNoOperation() {
        String evil = "evil.example:" + port();
        for (Operation operation : operations()) {
            Answer answer = send(
                    operation,
                    operation.method().equals("POST") ? "{}" : "",
                    "Host",
                    evil,
                    "Origin",
                    "http://" + evil,
                    "Sec-Fetch-Site",
                    "same-origin",
                    "Content-Type",
                    "application/json");
            assertThat(answer.status()).as(operation.toString()).isEqualTo(403);
            assertThat(answer.problem()).as(operation.toString()).isEqualTo("forbidden");
            assertThat(answer.json().get("detail").asString()).contains("evil.example", "shiftadd.allowed-hosts");
        }
    }

    @Test
    void aPageOfAnotherSiteReachesNoOperation() {
        for (Operation operation : operations()) {
            for (String origin : List.of("https://evil.example", "null", "http://localhost:1")) {
                Answer answer = send(operation, "", "Origin", origin);
                assertThat(answer.status()).as(operation + " " + origin).isEqualTo(403);
                assertThat(answer.json().get("detail").asString()).contains("shiftadd.registry.access.cors-origins");
            }
        }
    }

    @Test
    void whatABrowserSendsWithoutAskingChangesNothingUnlessItSaysWhence() {
        List<Operation> changes = operations().stream()
                .filter(operation -> operation.method().equals("POST"))
                .toList();
        assertThat(changes.size()).isGreaterThan(10);
        for (Operation change : changes) {
            for (String type : SIMPLE) {
                Answer answer = send(change, "name=x", "Content-Type", type, "Referer", "http://localhost/");
                assertThat(answer.status()).as(change + " " + type).isEqualTo(403);
                assertThat(answer.json().get("detail").asString()).contains("application/json");
            }
            assertThat(send(change, "", "Sec-Fetch-Mode", "no-cors").status())
                    .as(change.toString())
                    .isEqualTo(403);
        }
    }

    @Test
    void programsSendJsonOrNothingOrWhatAnOperationIsFor() {
        Operation cancel = new Operation("POST", "/api/v1/jobs/00000000-0000-0000-0000-000000000000/cancel");
        assertThat(send(cancel, "").status()).isEqualTo(404);
        assertThat(send(cancel, "{}", "Content-Type", "application/json").status())
                .isEqualTo(404);
        assertThat(send(cancel, "x", "Content-Type", "text/plain").status()).isEqualTo(403);
        assertThat(send(cancel, "a=b", "Content-Type", FORM).status()).isEqualTo(403);
        assertThat(send(cancel, "", "Origin", api().base()).status()).isEqualTo(404);
        Answer upload = send(
                new Operation("POST", "/api/v1/texts?name=by-a-program"), "some text", "Content-Type", "text/plain");
        assertThat(upload.status()).as(upload.body()).isEqualTo(201);
        assertThat(api().delete("/api/v1/texts/by-a-program").status()).isEqualTo(204);
    }

    @Test
    void ourOwnNamesAreAnswered() {
        for (String host : List.of("localhost", "LocalHost.", "127.0.0.1", "127.9.9.9", "[::1]")) {
            assertThat(api().get("/api/v1/models", "Host", host + ":" + port()).status())
                    .as(host)
                    .isEqualTo(200);
        }
    }

    @Test
    void theLoginReadsASmallFormAndNothingElse() throws IOException {
        for (String type : List.of("multipart/form-data; boundary=x", "application/json", "text/plain")) {
            assertThat(send(new Operation("POST", "/login"), "{}", "Content-Type", type, "Origin", api().base())
                            .status())
                    .as(type)
                    .isEqualTo(415);
        }
        Answer large = send(new Operation("POST", "/login"), "key=" + "a".repeat(100_000), "Content-Type", FORM);
        assertThat(large.status()).as(large.body()).isBetween(400, 413);
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(10_000);
            // The body never ends; the answer comes all the same, because nobody waits for it.
            socket.getOutputStream().write("""
                    POST /login HTTP/1.1\r
                    Host: 127.0.0.1\r
                    Content-Type: multipart/form-data; boundary=x\r
                    Transfer-Encoding: chunked\r
                    \r
                    9\r
                    --x\r
                    abcd\r
                    """.getBytes(StandardCharsets.US_ASCII));
            InputStream answer = socket.getInputStream();
            assertThat(new String(answer.readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 415");
        }
    }

    @Test
    void everyAnswerTellsBrowsersWhatItMayLoad() {
        for (String path : List.of("/jobs", "/api/v1/models", "/static/app.css", "/no/such/page", "/v3/api-docs")) {
            Answer answer = api().get(path);
            Map<String, List<String>> headers = answer.headers().map();
            assertThat(answer.header("x-content-type-options")).as(path).isEqualTo("nosniff");
            assertThat(answer.header("x-frame-options")).as(path).isEqualTo("DENY");
            assertThat(answer.header("referrer-policy")).as(path).isEqualTo("same-origin");
            assertThat(answer.header("content-security-policy"))
                    .as(path)
                    .startsWith("default-src 'self'; script-src 'self'");
            assertThat(String.join(",", headers.get("vary"))).as(path).containsIgnoringCase("HX-Request");
        }
        assertThat(api().get("/swagger-ui/index.html").header("content-security-policy"))
                .isEmpty();
    }
}
