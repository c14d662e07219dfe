package io.shiftadd.registry.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TextApiIT extends RegistryIT {

    private final String name = "t-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void registersAFileWhereItLies() throws IOException {
        Files.writeString(ROOT.resolve(name + ".txt"), "Schöne Grüße");
        Answer answer = api().post("/api/v1/texts", "{\"path\": \"" + name + ".txt\"}");
        assertThat(answer.status()).isEqualTo(201);
        JsonNode text = answer.json();
        assertThat(text.get("name").asString()).isEqualTo(name);
        assertThat(text.get("sizeBytes").asInt()).isEqualTo(15);
        assertThat(text.get("location").asString())
                .isEqualTo(ROOT.resolve(name + ".txt").toString());
        assertThat(api().post("/api/v1/texts", "{\"path\": \"" + name + ".txt\"}")
                        .status())
                .isEqualTo(200);

        assertThat(api().delete("/api/v1/texts/" + name).status()).isEqualTo(204);
        assertThat(ROOT.resolve(name + ".txt")).exists();
    }

    @Test
    void keepsAnUploadAndDeletesItsFile() {
        Answer answer = upload(name, BodyPublishers.ofString("Once upon a time"));
        assertThat(answer.status()).isEqualTo(201);
        Path file = Path.of(answer.json().get("location").asString());
        assertThat(file).startsWith(ROOT).hasContent("Once upon a time");
        assertThat(api().get("/api/v1/texts?name=" + name)
                        .json()
                        .get("totalItems")
                        .asInt())
                .isEqualTo(1);
        assertThat(upload(name, BodyPublishers.ofString("Once upon a time")).status())
                .isEqualTo(200);
        assertThat(upload(name, BodyPublishers.ofString("Another text")).problem())
                .isEqualTo("name-taken");

        assertThat(api().delete("/api/v1/texts/" + name).status()).isEqualTo(204);
        assertThat(file).doesNotExist();
        assertThat(api().get("/api/v1/texts/" + name).problem()).isEqualTo("not-found");
        assertThat(file.getParent()).isEmptyDirectory();
    }

    @Test
    void neverDeletesAFileThatThePlatformDidNotWrite() throws IOException {
        Answer upload = upload(name, BodyPublishers.ofString("Once upon a time"));
        Path uploaded = Path.of(upload.json().get("location").asString());
        Path own = uploaded.resolveSibling(name + "-own.txt");
        Files.writeString(own, "the operator wrote this");
        String register = "{\"name\": \"%s\", \"path\": \"%s\"}";
        Answer mine = api().post("/api/v1/texts", register.formatted(name + "-mine", own));
        assertThat(mine.status()).as(mine.body()).isEqualTo(201);
        assertThat(api().delete("/api/v1/texts/" + name + "-mine").status()).isEqualTo(204);
        assertThat(own).exists();

        Answer alias = api().post("/api/v1/texts", register.formatted(name + "-alias", uploaded));
        assertThat(alias.status()).as(alias.body()).isEqualTo(201);
        assertThat(api().delete("/api/v1/texts/" + name + "-alias").status()).isEqualTo(204);
        assertThat(uploaded).exists();

        api().post("/api/v1/texts", register.formatted(name + "-alias", uploaded));
        assertThat(api().delete("/api/v1/texts/" + name).status()).isEqualTo(204);
        assertThat(uploaded).exists();
        assertThat(api().delete("/api/v1/texts/" + name + "-alias").status()).isEqualTo(204);
        assertThat(uploaded).doesNotExist();
        Files.delete(own);
    }

    @Test
    void takesAForm() {
        String form = """
                --limit\r
                Content-Disposition: form-data; name="name"\r
                \r
                %s\r
                --limit\r
                Content-Disposition: form-data; name="file"; filename="a.txt"\r
                Content-Type: text/plain\r
                \r
                From a form\r
                --limit--\r
                """.formatted(name);
        Answer answer = api().send(api().request("/api/v1/texts")
                .header("Content-Type", "multipart/form-data; boundary=limit")
                .POST(BodyPublishers.ofString(form)));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.json().get("sizeBytes").asInt()).isEqualTo(11);
        api().delete("/api/v1/texts/" + name);
    }

    @Test
    void refusesWhatIsNoText() {
        assertThat(upload(name, BodyPublishers.ofString("")).problem()).isEqualTo("invalid-field");
        assertThat(upload(name, BodyPublishers.ofByteArray(new byte[] {'a', (byte) 0xc3, 'b'}))
                        .json()
                        .get("detail")
                        .asString())
                .contains("is not UTF-8 near byte 1");
        assertThat(upload("../" + name, BodyPublishers.ofString("x")).problem()).isEqualTo("invalid-field");
        assertThat(upload(null, BodyPublishers.ofString("x")).problem()).isEqualTo("invalid-field");
        assertThat(api().post("/api/v1/texts", "{\"path\": \"/etc/hostname\"}").problem())
                .isEqualTo("invalid-field");
    }

    @Test
    void refusesUploadsOverTheirCap() {
        byte[] large = "x".repeat((6 << 20) + 1).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(upload(name, BodyPublishers.ofByteArray(large)).problem()).isEqualTo("too-large");
        assertThat(upload(name, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                        .problem())
                .isEqualTo("too-large");
        byte[] fits = "x".repeat(5 << 20).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(upload(name, BodyPublishers.ofByteArray(fits)).status()).isEqualTo(201);
        api().delete("/api/v1/texts/" + name);
    }

    @Test
    void refusesToDeleteATextOfAnActiveJob() {
        insertModel(name);
        upload(name, BodyPublishers.ofString("Some text"));
        Answer job = api().post(
                        "/api/v1/jobs",
                        "{\"model\": \"%1$s\", \"bits\": 3, \"calibrationText\": \"%1$s\"}".formatted(name));
        assertThat(job.json().get("settings").get("calibrationText").asString())
                .isEqualTo(api().get("/api/v1/texts/" + name).json().get("id").asString());

        Answer refused = api().delete("/api/v1/texts/" + name);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("in-use");
        api().post("/api/v1/jobs/" + job.json().get("id").asString() + "/cancel", "");
        assertThat(api().delete("/api/v1/texts/" + name).status()).isEqualTo(204);
    }

    private Answer upload(String named, BodyPublisher body) {
        HttpRequest.Builder request = api().request("/api/v1/texts" + (named == null ? "" : "?name=" + named))
                .header("Content-Type", "text/plain; charset=utf-8");
        return api().send(request.POST(body));
    }
}
