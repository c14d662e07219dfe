package io.shiftadd.registry.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.registry.Api.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A model's digest is of every file that can change an answer. */
class ModelDigestIT extends ModelImports {

    @Test
    void aCopiedManifestGivesAnOriginalNoOthersDigest() throws IOException {
        Files.writeString(
                directory.resolve("manifest.json"), "{\"format\":\"shiftadd-artifact\",\"version\":1,\"files\":[]}");
        String good = digestAs(name + "-good");
        flip();
        assertThat(digestAs(name + "-evil")).isNotEqualTo(good);
    }

    @Test
    void refusesAFileWithALineBreakInItsName() throws IOException {
        Files.move(directory.resolve("model.safetensors"), directory.resolve("a\nb.safetensors"));
        refused("U+000A");
    }

    @Test
    void refusesShardsInSubFolders() throws IOException {
        Files.createDirectory(directory.resolve("w"));
        Files.move(directory.resolve("model.safetensors"), directory.resolve("w/x.safetensors"));
        Files.writeString(
                directory.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"model.norm.weight\":\"w/x.safetensors\"}}");
        refused("w/x.safetensors");
    }

    @Test
    void refusesAnArtifactThatIsNotAsItsManifestSays() throws IOException {
        edit("config.json", "{", "{\"quantization_config\": {\"quant_method\": \"shiftadd\", \"method\": \"acc\"},");
        Files.writeString(
                directory.resolve("manifest.json"),
                "{\"format\":\"shiftadd-artifact\",\"version\":1,\"files\":[{\"path\":\"config.json\",\"size\":"
                        + Files.size(directory.resolve("config.json")) + ",\"sha256\":\"" + "0".repeat(64) + "\"}]}");
        refused("does not list it");
    }

    /** The migration and the registry write the same digest for the same files. */
    @Test
    void theMigrationComputesTheSameDigest() throws IOException {
        importModel("{'path': '%s'}".formatted(name));
        String digest = digestOf(name);
        jdbc.sql("update registry.model set digest = :old where name = :name")
                .param("old", "1".repeat(64))
                .param("name", name)
                .update();
        String migration = new String(
                ModelDigestIT.class
                        .getResourceAsStream("/db/migration/V10__model_digest.sql")
                        .readAllBytes(),
                java.nio.charset.StandardCharsets.UTF_8);
        jdbc.sql(migration).update();
        assertThat(digestOf(name)).isEqualTo(digest);
    }

    private String digestOf(String model) {
        return api().get("/api/v1/models/" + model).json().get("digest").asString();
    }

    private String digestAs(String as) {
        Answer answer = importModel("{'name': '%s', 'path': '%s'}".formatted(as, name));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json().get("digest").asString();
    }

    private void flip() throws IOException {
        Path file = directory.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 12] ^= 1;
        Files.write(file, bytes);
    }
}
