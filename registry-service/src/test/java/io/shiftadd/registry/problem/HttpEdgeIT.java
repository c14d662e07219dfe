package io.shiftadd.registry.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * HTTP around a request's body, and characters that nobody means: the fault is the request's, whatever the operation.
 */
class HttpEdgeIT extends RegistryIT {

    private static final List<String> BAD_CHARACTERS =
            List.of("\\u0000", "\\u001b", "\\ud800", "\\udc00\\ud800", "\\u202e", "\\uffff");

    private Answer send(String method, String path, byte[] body, String... headers) {
        return api().send(api().request(path, headers).method(method, HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=x",
                "multipart/mixed",
                "application/json; charset=no-such",
                "application/json; charset=\"",
                "application/x-www-form-urlencoded",
                "application/xml",
                "nonsense",
                "*/*",
                "application/json, application/json"
            })
    void everyOperationAnswersAnOddMediaTypeItself(String type) {
        JsonNode paths = api().get("/v3/api-docs").json().path("paths");
        assertThat(paths.size()).isGreaterThan(15);
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            for (String operation : path.getValue().propertyNames()) {
                String method = operation.toUpperCase(Locale.ROOT);
                String name =
                        path.getKey().replaceAll("\\{.*?}", UUID.randomUUID().toString());
                if (name.endsWith("/events")) {
                    continue;
                }
                Answer answer = send(method, name, "{}".getBytes(StandardCharsets.UTF_8), "Content-Type", type);
                assertThat(answer.status())
                        .as(method + " " + name + " " + answer.body())
                        .isLessThan(500);
                if (path.getValue().path(operation).has("requestBody")) {
                    assertThat(answer.status()).as(name).isBetween(400, 415);
                    assertThat(answer.problem()).as(answer.body()).isNotEmpty();
                }
            }
        }
    }

    @Test
    void saysThatAMediaTypeIsMissing() {
        Answer answer = send("POST", "/api/v1/jobs", "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.json().get("detail").asString()).contains("no Content-Type", "application/json");
    }

    @Test
    void aFormThatEndsTooEarlyIsTheRequestsFault() {
        String form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc";
        Answer answer = send(
                "POST",
                "/api/v1/texts",
                form.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "multipart/form-data; boundary=x");
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    }

    @Test
    void readsCompressedBodiesAndSaysWhatItDoesNotRead() throws IOException {
        byte[] wrong = "{\"bits\": 2, \"bitz\": 3}".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(wrong);
        }
        String[] json = {"Content-Type", "application/json", "Content-Encoding", "GZIP"};
        assertThat(send("POST", "/api/v1/jobs", bytes.toByteArray(), json).body())
                .contains("did you mean bits?");
        json[3] = "zstd";
        Answer unknown = send("POST", "/api/v1/jobs", wrong, json);
        assertThat(unknown.problem()).isEqualTo("unsupported-media-type");
        assertThat(unknown.header("accept-encoding")).isEqualTo("gzip, deflate");
        json[3] = "gzip";
        assertThat(send("POST", "/api/v1/jobs", wrong, json).problem()).isEqualTo("malformed-request");
        json[1] = "text/plain";
        Answer upload = send("POST", "/api/v1/texts?name=zipped-wrong", wrong, json);
        assertThat(upload.status()).as(upload.body()).isEqualTo(400);
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bomb)) {
            out.write(new byte[64 << 20]);
        }
        json[1] = "application/json";
        assertThat(send("POST", "/api/v1/jobs", bomb.toByteArray(), json).problem())
                .isEqualTo("too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//api/v1/models", "/api//v1/models", "/api/v1/models/", "///api/v1///models//?size=1"})
    void reachesAPathHoweverItsSlashesAreWritten(String path) {
        assertThat(api().get(path).status()).isEqualTo(200);
    }

    @Test
    void namesAPathThatIsNotThereAsItWasSent() {
        Answer answer = api().get("//api/v1/nothing/");
        assertThat(answer.json().get("detail").asString()).contains("GET //api/v1/nothing/;");
        assertThat(answer.json().get("instance").asString()).isEqualTo("//api/v1/nothing/");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/api/v1/api-keys | name | {\"name\": \"a%s\"}",
                "/api/v1/api-keys | scopes[0] | {\"name\": \"k\", \"scopes\": [\"a%s\"]}",
                "/api/v1/api-keys/verify | key | {\"key\": \"a%s\"}",
                "/api/v1/models | name | {\"name\": \"a%s\", \"path\": \"samples/llama-mini\"}",
                "/api/v1/models | path | {\"path\": \"samples%s\"}",
                "/api/v1/models | repository | {\"repository\": \"a/b%s\"}",
                "/api/v1/texts | path | {\"path\": \"x%s\"}",
                "/api/v1/jobs | model | {\"model\": \"x%s\"}",
                "/api/v1/jobs | method | {\"model\": \"x\", \"method\": \"rtn%s\"}",
                "/api/v1/jobs | name | {\"model\": \"x\", \"bits\": 3, \"name\": \"n%s\"}",
                "/api/v1/jobs | calibrationText | {\"model\": \"x\", \"bits\": 3, \"calibrationText\": \"n%s\"}",
                "/api/v1/jobs | tasks[0] | {\"model\": \"x\", \"kind\": \"evaluate\", \"tasks\": [\"copa%s\"]}"
            })
    void noFieldMayHaveACharacterThatNobodyMeans(String path, String field, String body) {
        for (String character : BAD_CHARACTERS) {
            Answer answer = api().post(path, body.formatted(character));
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.problem()).isEqualTo("invalid-field");
            assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(field);
        }
    }

    @Test
    void noPathParameterOrHeaderMayEither() {
        List<String> places = List.of(
                "/api/v1/models?name=%s",
                "/api/v1/models?family=%s",
                "/api/v1/models?kind=%s",
                "/api/v1/models?sort=%s",
                "/api/v1/models/%s",
                "/api/v1/texts?name=%s",
                "/api/v1/jobs?state=%s",
                "/api/v1/jobs?model=%s",
                "/api/v1/audit?before=%s",
                "/jobs?q=%s",
                "/jobs?state=%s",
                "/models?sort=%s",
                "/models/%s",
                "/jobs/new?model=%s",
                "/jobs/estimate?model=%s",
                "/playground?model=%s",
                "/chat?model=%s",
                "/compare?a=%s",
                "/login?next=%s");
        for (String place : places) {
            for (String bytes : List.of("%00", "a%01", "%ed%a0%80", "%ff", "%e2%80%ae")) {
                for (String accept : List.of("*/*", "text/html")) {
                    Answer answer = api().get(place.formatted(bytes), "Accept", accept);
                    assertThat(answer.status()).as(place + " " + bytes).isIn(400, 404);
                }
            }
        }
        assertThat(api().get("/api/v1/models?name=%00")
                        .json()
                        .at("/errors/0/field")
                        .asString())
                .isEqualTo("name");
        assertThat(send(
                                "POST",
                                "/api/v1/texts?name=n%00",
                                "abc".getBytes(StandardCharsets.UTF_8),
                                "Content-Type",
                                "text/plain")
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/models?family=&=0",
                "/api/v1/texts?=false",
                "/api/v1/models?page=999999&size=200",
                "/api/v1/audit?limit=1&before=-9223372036854775808",
                "/api/v1/audit?before=99999999999999999999",
                "/api/v1/audit?limit=99999999999999999999"
            })
    void parametersAtTheirEndsAreAnswered(String path) {
        assertThat(api().get(path).status()).isIn(200, 400);
    }
}
