package io.shiftadd.registry.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with a request, the answer is a problem of the right type and gives nothing away. */
class ProblemsIT extends RegistryIT {

    private static final int CAP = 4 << 20;

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("", "missing or ends too early"),
                Arguments.of("{", "an object has no end (line 1, column 1)"),
                Arguments.of("[]", "The body is an array; send a JSON object."),
                Arguments.of("nonsense", "'nonsense' is no value of JSON"),
                Arguments.of("{\"bits\": 2, \"bits\": 3}", "'bits' is there twice"),
                Arguments.of("{\"meanBits\": NaN}", "NaN"),
                Arguments.of("{\"meanBits\": Infinity}", "Infinity"),
                Arguments.of("{\"a\": " + "[".repeat(70) + "]".repeat(70) + "}", "more than 64 levels deep"),
                Arguments.of("{\"bits\": " + "9".repeat(200) + "}", "a number has 200 characters; it may have 100"),
                Arguments.of("{} {}", "something follows the end of the first value"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesBodiesThatAreNotPlainJson(String body, String detail) {
        Answer answer = api().post("/api/v1/jobs", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("malformed-request");
        assertThat(answer.json().get("detail").asString()).contains(detail);
        assertThat(answer.json().get("instance").asString()).isEqualTo("/api/v1/jobs");
        assertGivesNothingAway(answer);
    }

    @Test
    void refusesALongBodyByItsAnnouncedLength() {
        Answer answer = api().post("/api/v1/jobs", "{\"model\": \"" + "x".repeat(CAP) + "\"}");
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.problem()).isEqualTo("too-large");
        assertThat(answer.json().get("detail").asString()).contains("at most " + CAP);
    }

    @Test
    void refusesALongBodyOfUnknownLength() {
        byte[] body = ("{\"model\": \"" + "x".repeat(CAP) + "\"}").getBytes(StandardCharsets.UTF_8);
        Answer answer = api().send(api().request("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.problem()).isEqualTo("too-large");
    }

    @Test
    void answersTheStandardErrorsWithProblems() {
        assertProblem(api().get("/nowhere"), 404, "not-found");
        assertProblem(api().get("/api/v1/nowhere"), 404, "not-found");
        assertProblem(api().get("/api/v1/models/nobody"), 404, "not-found");
        assertProblem(api().delete("/api/v1/jobs"), 405, "method-not-allowed");
        assertProblem(api().get("/api/v1/jobs", "Accept", "image/png"), 406, "not-acceptable");
        assertProblem(api().get("/api/v1/jobs/not-a-uuid"), 400, "invalid-field");
        assertProblem(
                api().send(api().request("/api/v1/jobs")
                        .header("Content-Type", "application/xml")
                        .POST(HttpRequest.BodyPublishers.ofString("<job/>"))),
                415,
                "unsupported-media-type");
    }

    @Test
    void saysWhichMethodsAreAllowed() {
        assertThat(api().delete("/api/v1/jobs").header("allow")).contains("GET", "POST");
    }

    @Test
    void answersWithAProblemEvenWhenTheContainerRefusesTheRequest() throws IOException {
        String answer = raw("GET /api/v1/models/<script> HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400");
        assertThat(answer).containsIgnoringCase("content-type: application/problem+json");
        assertThat(answer).contains("urn:shiftadd:problem:malformed-request").doesNotContain("<script>", "Tomcat");
    }

    /** Each with a word of the reason. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /api/v1/models/a%2Fb HTTP/1.1 | X: y | encoded slash",
                "GET /api/v1/models HTTP/3.7 | X: y | HTTP/1.1",
                "POST /api/v1/models HTTP/1.1 | Transfer-Encoding: gzip, chunked | Transfer-Encoding",
                "GET /api/v1/models HTTP/1.1 | Expect: bogus | 'Expect'",
            })
    void theContainersRefusalsSayWhyAndHaveOneStatus(String line, String header, String why) throws IOException {
        String answer = raw(line + "\r\nHost: localhost\r\n" + header + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"status\":400", why);
    }

    private static void assertProblem(Answer answer, int status, String type) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.problem()).isEqualTo(type);
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        assertThat(answer.json().get("title").asString()).isNotBlank();
        assertGivesNothingAway(answer);
    }

    private static void assertGivesNothingAway(Answer answer) {
        assertThat(answer.body())
                .doesNotContain("at io.shiftadd", "Exception", "org.springframework", "tools.jackson")
                .doesNotContain("Source:", "ReadFeature", "static resource", "'null'");
    }

    /** A request that no decent client would send. */
    private String raw(String request) throws IOException {
        URI base = URI.create(api().base());
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
