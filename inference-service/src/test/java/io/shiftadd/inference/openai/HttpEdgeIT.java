package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Service;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import tools.jackson.databind.JsonNode;

/** HTTP around a request's body: paths, encodings, media types, and what is said of bodies that are no JSON. */
class HttpEdgeIT {

    private static final String BODY = "{\"model\": \"llama-mini\", \"prompt\": \"Hi\", \"max_tokens\": 2}";

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Service.Answer send(String method, String path, byte[] body, String... headers) {
        return service.send(HttpRequest.newBuilder(URI.create(service.url() + path))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .headers(headers)
                .build());
    }

    private static Service.Answer coded(byte[] body, String coding) {
        return send("POST", "/v1/completions", body, "Content-Type", "application/json", "Content-Encoding", coding);
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body);
        }
        return bytes.toByteArray();
    }

    private static byte[] deflate(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(body);
        }
        return bytes.toByteArray();
    }

    /** Java's own client offers HTTP/2 in clear text with every request; curl and others wait for 100 Continue. */
    @ParameterizedTest
    @CsvSource({"HTTP_2, false, false", "HTTP_2, true, false", "HTTP_1_1, true, true", "HTTP_2, false, true"})
    void answersClientsThatOfferAnotherVersionOrSendInChunksOrWait(
            HttpClient.Version version, boolean chunked, boolean waits) throws Exception {
        String blanks = " ".repeat(1 << 20);
        for (String body : List.of(BODY, BODY + blanks, BODY.replace("}", ", \"stream\": true}") + blanks)) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            HttpRequest request = HttpRequest.newBuilder(URI.create(service.url() + "/v1/completions"))
                    .version(version)
                    .expectContinue(waits)
                    .header("Content-Type", "application/json")
                    .POST(
                            chunked
                                    ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))
                                    : BodyPublishers.ofByteArray(bytes))
                    .build();
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(answer.body()).contains("\"text_completion\"");
            }
        }
    }

    @Test
    void readsCompressedBodies() throws IOException {
        byte[] plain = BODY.getBytes(StandardCharsets.UTF_8);
        assertThat(coded(gzip(plain), "gzip").status()).isEqualTo(200);
        assertThat(coded(gzip(plain), "X-GZIP").status()).isEqualTo(200);
        assertThat(coded(gzip(plain), "gzip, identity").status()).isEqualTo(200);
        assertThat(coded(deflate(plain), "deflate").status()).isEqualTo(200);
        assertThat(coded(gzip(deflate(plain)), "deflate, gzip").status()).isEqualTo(200);
        assertThat(coded(plain, "identity").status()).isEqualTo(200);
    }

    @Test
    void refusesEncodingsThatItDoesNotReadAndBodiesThatAreNoneOrGrow() throws IOException {
        Service.Answer zstd = coded(BODY.getBytes(StandardCharsets.UTF_8), "zstd");
        assertThat(zstd.status()).isEqualTo(415);
        assertThat(zstd.header("accept-encoding")).contains("gzip");
        assertThat(zstd.error().at("/message").stringValue()).contains("Content-Encoding", "zstd");
        Service.Answer none = coded(BODY.getBytes(StandardCharsets.UTF_8), "gzip");
        assertThat(none.status()).isEqualTo(400);
        assertThat(none.error().at("/message").stringValue()).contains("Content-Encoding");
        Service.Answer bomb = coded(gzip(gzip(new byte[200 << 20])), "gzip, gzip");
        assertThat(bomb.status()).isEqualTo(413);
        assertThat(bomb.error().at("/code").stringValue()).isEqualTo("request_too_large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//v1/completions",
                "/v1//completions",
                "/v1/completions/",
                "///v1///completions//",
                "/v1/completions;x=1",
                "/v1/completions?api-version=2024"
            })
    void reachesAPathHoweverItsSlashesAreWritten(String path) {
        assertThat(service.post(path, BODY).status()).isEqualTo(200);
        assertThat(service.get("/v1/models/").status()).isEqualTo(200);
        assertThat(service.get("//health/").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/v1/completions", "//v1/nothing", "/v1/nothing/"})
    void namesAPathThatIsNotThereAsItWasSent(String path) {
        Service.Answer answer = service.post(path, BODY);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.error().at("/message").stringValue()).contains("POST " + path + ";");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=x",
                "application/json; charset=no-such",
                "application/json; charset=\"",
                "application/x-www-form-urlencoded",
                "text/plain",
                "nonsense",
                "*/*",
                "application/json, application/json"
            })
    void everyOperationRefusesAnOddMediaTypeItself(String type) {
        JsonNode paths = service.get("/v3/api-docs").json().path("paths");
        assertThat(paths.size()).isGreaterThan(5);
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            for (String method : path.getValue().propertyNames()) {
                String name = path.getKey().replaceAll("\\{.*?}", "llama-mini");
                Service.Answer answer =
                        send(method.toUpperCase(Locale.ROOT), name, new byte[] {'{', '}'}, "Content-Type", type);
                assertThat(answer.status()).as(method + " " + name).isLessThan(500);
                if (method.equals("post")) {
                    assertThat(answer.status()).isIn(400, 415);
                    boolean isRead = type.endsWith("boundary=x") && takesForms(path.getValue());
                    assertThat(said(name, answer)).contains(isRead ? "'model' is missing" : "Content-Type");
                }
            }
        }
    }

    private static boolean takesForms(JsonNode path) {
        return path.at("/post/requestBody/content").has("multipart/form-data");
    }

    /** The other APIs have forms of their own. */
    private static String said(String path, Service.Answer answer) {
        return path.startsWith("/api/") || path.startsWith("/v1/messages")
                ? answer.body()
                : answer.error().at("/message").stringValue();
    }

    @Test
    void saysThatAMediaTypeIsMissing() {
        Service.Answer answer = service.send(HttpRequest.newBuilder(URI.create(service.url() + "/v1/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build());
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.error().at("/message").stringValue())
                .contains("no Content-Type")
                .doesNotContain("null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{ ~ an object has no end (line 1, column 1)",
                "{\"prompt\": NaN} ~ NaN is no number of JSON",
                "{} {} ~ something follows",
                "{\"a\": 1, \"a\": 2} ~ 'a' is there twice",
                "{\"model\": \"llama-mini\", \"prompt\": \"a\", \"max_tokens\": 1e400} ~ 'max_tokens' is a number that is too large",
                "{\"model\": \"llama-mini\", \"prompt\": \"a\", \"top_p\": -1e999} ~ 'top_p' is a number that is too large",
                "{\"model\": \"llama-mini\", \"prompt\": \"\\ud800\"} ~ 'prompt' has half a surrogate pair"
            })
    void saysWhatIsWrongWithABodyInItsOwnWords(String body, String says) {
        Service.Answer answer = service.post("/v1/completions", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().at("/message").stringValue())
                .contains(says)
                .doesNotContain(List.of("Source", "ReadFeature", "Deserialization", "Infinity", "Exception"));
    }

    /** All that controllers and actuator have, and files. */
    private static List<String[]> operations() {
        List<String[]> all = new ArrayList<>(
                List.of(new String[] {"GET", "/swagger-ui/index.html"}, new String[] {"GET", "/no/such/path"}));
        for (RequestMappingInfoHandlerMapping mapping : service.beans(RequestMappingInfoHandlerMapping.class)) {
            for (RequestMappingInfo info : mapping.getHandlerMethods().keySet()) {
                for (String pattern : info.getPatternValues()) {
                    String path = pattern.replaceAll("\\{[^}]*}", "x").replace("**", "x");
                    boolean posted = info.getMethodsCondition().getMethods().contains(RequestMethod.POST);
                    all.add(new String[] {posted ? "POST" : "GET", path});
                }
            }
        }
        assertThat(all)
                .extracting(operation -> operation[1])
                .contains("/v1/completions", "/v1/chat/completions", "/tokenize", "/health", "/actuator/prometheus");
        return all;
    }

    @Test
    void withoutKeysNeitherAForeignNameNorAForeignPageReachesAnOperation() {
        String evil = "evil.example:" + service.port();
        for (String[] operation : operations()) {
            byte[] body = operation[0].equals("POST") ? BODY.getBytes(StandardCharsets.UTF_8) : new byte[0];
            Service.Answer rebound = send(
                    operation[0],
                    operation[1],
                    body,
                    "Host",
                    evil,
                    "Origin",
                    "http://" + evil,
                    "Content-Type",
                    "application/json");
            assertThat(rebound.status()).as(operation[1]).isEqualTo(403);
            assertThat(said(operation[1], rebound)).contains("shiftadd.allowed-hosts");
            Service.Answer page =
                    send(operation[0], operation[1], body, "Origin", "null", "Content-Type", "text/plain");
            assertThat(page.status()).as(operation[1]).isEqualTo(403);
            assertThat(said(operation[1], page)).contains("shiftadd.inference.access.cors-origins");
        }
        assertThat(send("GET", "/v1/models", new byte[0], "Host", "localhost:1").status())
                .isEqualTo(200);
    }

    @Test
    void whatComputesTakesJsonAlone() {
        for (String[] operation : operations()) {
            for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
                if (operation[0].equals("POST") && !operation[1].equals("/error")) {
                    assertThat(send("POST", operation[1], BODY.getBytes(StandardCharsets.UTF_8), "Content-Type", type)
                                    .status())
                            .as(operation[1])
                            .isEqualTo(415);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"after=&=null", "after=%ff%", "=", "a=1&=2"})
    void aQueryThatCannotBeTakenApartIsTheClientsMistake(String query) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", service.port())) {
            String head = "GET /v1/responses/resp_1/input_items?" + query
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 400").contains("invalid_query");
        }
    }
}
