package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.inference.Samples;
import io.shiftadd.inference.Service;
import io.shiftadd.inference.Service.Answer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ClassificationIT {

    private static final String PATH = "/v1/images/classifications";
    private static final Path LAYOUTS = Samples.model("../shared-kernels/model/src/test/resources/image-references")
            .normalize();

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service();
        service.registry.add("vit", LAYOUTS.resolve("vit").toString(), 100_000);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static byte[] image(String format, int colour) throws IOException {
        BufferedImage image = new BufferedImage(16, 12, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 16 * 12; i++) {
            image.setRGB(i % 16, i / 16, colour * (i % 7 + 1));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Answer classify(Object images) {
        return service.post(PATH, Map.of("model", "vit", "images", images));
    }

    @Test
    void namesTheLikeliestClassesOfEachImage() throws IOException {
        String png = base64(image("png", 0x010203));
        String jpeg = "data:image/jpeg;base64," + base64(image("jpeg", 0x100010));
        Answer answer = service.post(PATH, Map.of("model", "vit", "images", List.of(png, jpeg, png), "top_k", 3));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        JsonNode data = answer.json().get("data");
        assertThat(data.size()).isEqualTo(3);
        assertThat(data.get(1).get("index").asInt()).isEqualTo(1);
        assertThat(data.get(0).get("classes")).isEqualTo(data.get(2).get("classes"));
        JsonNode classes = data.get(0).get("classes");
        assertThat(classes.size()).isEqualTo(3);
        assertThat(classes.get(0).get("probability").asDouble())
                .isGreaterThanOrEqualTo(classes.get(1).get("probability").asDouble());
        assertThat(classes.get(0).get("label").asString())
                .isEqualTo("LABEL_" + classes.get(0).get("id").asInt());
        assertThat(answer.json().get("usage").get("images").asInt()).isEqualTo(3);

        JsonNode all = classify(png).json().get("data").get(0).get("classes");
        double sum = 0;
        for (JsonNode one : all) {
            sum += one.get("probability").asDouble();
        }
        assertThat(all.size()).isEqualTo(5);
        assertThat(sum).isCloseTo(1, within(1e-9));
    }

    @Test
    void aFormHasTheSameAnswer() throws IOException {
        byte[] png = image("png", 0x010203);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        part(body, "name=\"model\"", "vit".getBytes(StandardCharsets.UTF_8));
        part(body, "name=\"top_k\"", "2".getBytes(StandardCharsets.UTF_8));
        part(body, "name=\"image\"; filename=\"a.png\"", png);
        body.write("--edge--\r\n".getBytes(StandardCharsets.US_ASCII));
        Answer answer = form(body.toByteArray());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        JsonNode asJson = service.post(PATH, Map.of("model", "vit", "images", base64(png), "top_k", 2))
                .json();
        assertThat(answer.json().get("data")).isEqualTo(asJson.get("data"));

        ByteArrayOutputStream without = new ByteArrayOutputStream();
        part(without, "name=\"model\"", "vit".getBytes(StandardCharsets.UTF_8));
        without.write("--edge--\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(form(without.toByteArray()).error().get("message").asString())
                .contains("'image' is missing");
        assertThat(form("--edge\r\nbroken".getBytes(StandardCharsets.US_ASCII)).status())
                .isEqualTo(400);
    }

    private static void part(ByteArrayOutputStream body, String disposition, byte[] content) throws IOException {
        body.write(("--edge\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        body.write(content);
        body.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static Answer form(byte[] body) {
        return service.send(HttpRequest.newBuilder(URI.create(service.url() + PATH))
                .header("Content-Type", "multipart/form-data; boundary=edge")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bm8gaW1hZ2U= | images[0] | is of no format that is read here",
                "data:image/png;base64, | images[0] | is empty",
                "data:image/svg+xml,<svg/> | images | without base64",
                "https://example.com/cat.png | images | fetches nothing",
                "FILE:///etc/passwd | images | fetches nothing",
                "%%% | images | is no base64"
            })
    void whatIsNoImageIsRefused(String image, String parameter, String message) {
        Answer answer = classify(image);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().get("param").asString()).isEqualTo(parameter);
        assertThat(answer.error().get("message").asString()).contains(message);
    }

    @Test
    void limitsAreTold() throws IOException {
        String png = base64(image("png", 1));
        assertThat(classify(Collections.nCopies(64, png)).status()).isEqualTo(200);
        assertThat(classify(Collections.nCopies(65, png)).error().get("message").asString())
                .contains("has 65 images; a request may have 64");
        assertThat(classify(List.of()).status()).isEqualTo(400);
        assertThat(classify(Map.of()).status()).isEqualTo(400);
        assertThat(classify(List.of(1)).error().get("param").asString()).isEqualTo("images[0]");
        assertThat(service.post(PATH, Map.of("model", "vit", "images", png, "top_k", 0))
                        .status())
                .isEqualTo(400);
        assertThat(classify("A".repeat(17 << 20)).status()).isEqualTo(413);
        byte[] bomb = image("png", 1);
        bomb[16] = 0x7F;
        assertThat(classify(base64(bomb)).error().get("message").asString()).contains("more than the limit");
    }

    @Test
    void modelsOfAnotherKindSaySo() throws IOException {
        Answer text = service.post(PATH, Map.of("model", "llama-mini", "images", base64(image("png", 1))));
        assertThat(text.status()).isEqualTo(400);
        assertThat(text.error().get("message").asString()).contains("reads and writes text, it sees no images");
        for (Map.Entry<String, Map<String, Object>> asked : Map.<String, Map<String, Object>>of(
                        "/v1/completions", Map.of("model", "vit", "prompt", "A"),
                        "/v1/embeddings", Map.of("model", "vit", "input", "A"),
                        "/v1/chat/completions",
                                Map.of("model", "vit", "messages", List.of(Map.of("role", "user", "content", "A"))))
                .entrySet()) {
            Answer image = service.post(asked.getKey(), asked.getValue());
            assertThat(image.status()).as(asked.getKey()).isEqualTo(400);
            assertThat(image.error().get("message").asString()).contains("names the classes of images");
            assertThat(image.error().get("code").asString()).isEqualTo("wrong_modality");
        }
    }

    @Test
    void imagesInAChatAreRefusedByName() {
        Object part = Map.of("type", "image_url", "image_url", Map.of("url", "data:image/png;base64,AAAA"));
        Answer answer = service.post(
                "/v1/chat/completions",
                Map.of("model", "llama-mini", "messages", List.of(Map.of("role", "user", "content", List.of(part)))));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().get("message").asString()).contains("images go to /v1/images/classifications");
    }
}
