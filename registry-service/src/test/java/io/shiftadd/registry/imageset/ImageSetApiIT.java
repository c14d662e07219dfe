package io.shiftadd.registry.imageset;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.SharedFiles;
import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ImageSetApiIT extends RegistryIT {

    private final String name = "i-" + UUID.randomUUID().toString().substring(0, 8);

    private Path set() throws IOException {
        for (String label : new String[] {"cat", "dog"}) {
            Path folder = Files.createDirectories(ROOT.resolve(name).resolve(label));
            BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_INT_RGB);
            ImageIO.write(image, "png", folder.resolve("a.png").toFile());
        }
        return ROOT.resolve(name);
    }

    private Answer register(String path) {
        return api().post("/api/v1/image-sets", "{\"path\": \"" + path + "\"}");
    }

    @Test
    void registersADirectoryOfClassFolders() throws IOException {
        set();
        Answer answer = register(name);
        assertThat(answer.status()).isEqualTo(201);
        JsonNode set = answer.json();
        assertThat(set.get("images").asInt()).isEqualTo(2);
        assertThat(set.get("classes").toString()).isEqualTo("[\"cat\",\"dog\"]");
        assertThat(register(name).status()).isEqualTo(200);
        assertThat(api().get("/api/v1/image-sets?name=" + name)
                        .json()
                        .get("totalItems")
                        .asInt())
                .isEqualTo(1);
        Files.delete(ROOT.resolve(name).resolve("dog/a.png"));
        assertThat(register(name).problem()).isEqualTo("name-taken");
        assertThat(api().delete("/api/v1/image-sets/" + name).status()).isEqualTo(204);
        assertThat(api().get("/api/v1/image-sets/" + name).problem()).isEqualTo("not-found");
        assertThat(ROOT.resolve(name)).isDirectory();
    }

    @Test
    void refusesWhatIsNoSetOrLiesElsewhere() throws IOException {
        Path set = set();
        assertThat(register("/etc").problem()).isEqualTo("invalid-field");
        Files.writeString(set.resolve("cat/a.png"), "no image");
        assertThat(register(name).json().toString()).contains("a.png").contains("Send a JPEG, PNG, GIF or BMP file");
        Files.delete(set.resolve("cat/a.png"));
        Files.createSymbolicLink(set.resolve("cat/a.png"), Path.of("/etc/hostname"));
        assertThat(register(name).json().toString()).contains("leads nowhere or out of the allowed roots");
        Files.createDirectories(ROOT.resolve(name + "-empty"));
        assertThat(register(name + "-empty").json().toString()).contains("has no folder with image files");
    }

    @Test
    void jobsOnModelsOfImagesTakeImages() throws IOException {
        set();
        register(name);
        Path layout = SharedFiles.repository().resolve("shared-kernels/model/src/test/resources/image-references/vit");
        Path model = Files.createDirectories(ROOT.resolve(name + "-model"));
        for (String file : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(layout.resolve(file), model.resolve(file));
        }
        Answer registered = api().post("/api/v1/models", "{\"path\": \"" + name + "-model\"}");
        assertThat(registered.status()).isEqualTo(201);
        assertThat(registered.json().get("modality").asString()).isEqualTo("image");
        assertThat(registered.json().get("family").asString()).isEqualTo("vit");

        String job = "{\"model\": \"" + name + "-model\", \"bits\": 3%s}";
        assertThat(post(job, "").json().toString())
                .contains("calibrationImages")
                .contains("evaluationImages")
                .contains("cannot make images of its own");
        assertThat(post(job, ", \"tune\": {}, \"sequenceLength\": 8, \"calibrationImages\": \"nowhere\"")
                        .json()
                        .toString())
                .contains("does not apply to")
                .contains("names no registered set of images");
        String images = ", \"calibrationImages\": \"%s\", \"evaluationImages\": \"%s\"".formatted(name, name);
        Answer posted = post(job, images);
        assertThat(posted.status()).isEqualTo(201);
        assertThat(posted.json().get("settings").get("sequenceLength").asInt()).isEqualTo(10);
        assertThat(api().delete("/api/v1/image-sets/" + name).problem()).isEqualTo("in-use");
        api().post("/api/v1/jobs/" + posted.json().get("id").asString() + "/cancel", "");
        assertThat(api().delete("/api/v1/image-sets/" + name).status()).isEqualTo(204);
    }

    private Answer post(String job, String rest) {
        return api().post("/api/v1/jobs", job.formatted(rest));
    }
}
