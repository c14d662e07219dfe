package io.shiftadd.registry.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.registry.Api.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ModelApiIT extends ModelImports {

    @Test
    void importsADirectoryUnderARoot() {
        Answer answer = importModel("{'name': '%s', 'path': '%s'}".formatted(name, directory));
        assertThat(answer.status()).isEqualTo(201);
        JsonNode model = answer.json();
        assertThat(answer.header("location"))
                .isEqualTo("/api/v1/models/" + model.get("id").asString());
        assertThat(model.get("family").asString()).isEqualTo("llama");
        assertThat(model.get("kind").asString()).isEqualTo("original");
        assertThat(model.get("location").asString()).isEqualTo(directory.toString());
        assertThat(model.get("parameters").asLong()).isEqualTo(3_148_224);
        assertThat(model.get("shape").toString())
                .isEqualTo("{\"hiddenSize\":192,\"layers\":6,\"heads\":3,\"kvHeads\":1,\"headDim\":64,"
                        + "\"intermediateSize\":512,\"vocabularySize\":4096,\"contextLength\":512,\"dtype\":\"F16\"}");
        assertThat(api().get("/api/v1/models/" + name).body()).isEqualTo(answer.body());
        assertThat(api().get("/api/v1/models/" + model.get("id").asString()).body())
                .isEqualTo(answer.body());
    }

    @Test
    void takesNameAndPlaceFromARelativePath() {
        JsonNode model = importModel("{'path': '%s'}".formatted(name)).json();
        assertThat(model.get("name").asString()).isEqualTo(name);
        assertThat(model.get("location").asString()).isEqualTo(directory.toString());
    }

    @Test
    void listsFilesWithTheirDigests() throws IOException {
        Files.writeString(directory.resolve("README.md"), "not read by anybody");
        importModel("{'path': '%s'}".formatted(name));
        JsonNode files = api().get("/api/v1/models/" + name + "/files").json();
        assertThat(files.findValuesAsString("path"))
                .containsExactly(
                        "config.json",
                        "generation_config.json",
                        "model.safetensors",
                        "tokenizer.json",
                        "tokenizer_config.json");
        assertThat(files.get(2).get("sizeBytes").asLong()).isEqualTo(6_302_416);
        assertThat(files.get(2).get("sha256").asString()).matches("[0-9a-f]{64}");
    }

    @Test
    void returnsTheSameModelWhenImportedAgain() throws IOException {
        Answer first = importModel("{'path': '%s'}".formatted(name));
        Answer second = importModel("{'path': '%s'}".formatted(name));
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first.body());

        Files.writeString(directory.resolve("generation_config.json"), "{}");
        Answer changed = importModel("{'path': '%s'}".formatted(name));
        assertThat(changed.status()).isEqualTo(409);
        assertThat(changed.problem()).isEqualTo("name-taken");
    }

    @Test
    void refusesPathsOutsideTheRootsWithoutSayingWhatIsThere() {
        for (String path : new String[] {"/etc", "/nowhere/at/all", "../../../etc", name + "/../../", ""}) {
            Answer answer = importModel("{'name': 'x', 'path': '%s'}".formatted(path));
            assertThat(answer.status()).as(path).isEqualTo(400);
            assertThat(answer.json().get("errors").get(0).get("field").asString())
                    .isEqualTo("path");
        }
        assertThat(importModel("{'path': '/etc'}").json().get("detail"))
                .isEqualTo(importModel("{'path': '/nowhere/at/all'}").json().get("detail"));
        assertThat(importModel("{'path': 'a\\u0000b'}").status()).isEqualTo(400);
    }

    @Test
    void refusesLinksThatLeaveTheRoots() throws IOException {
        Path outside = Files.createTempFile("outside", ".safetensors");
        Files.delete(directory.resolve("model.safetensors"));
        Files.createSymbolicLink(directory.resolve("model.safetensors"), outside);
        Answer answer = importModel("{'path': '%s'}".formatted(name));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.problem()).isEqualTo("unreadable-model");
        assertThat(answer.json().get("detail").asString())
                .contains("link 'model.safetensors' that leads nowhere or out of the allowed roots");
        Files.delete(outside);

        Files.createSymbolicLink(ROOT.resolve(name + "-link"), Path.of("/etc"));
        assertThat(importModel("{'path': '%s-link'}".formatted(name)).status()).isEqualTo(400);
    }

    @Test
    void followsLinksThatStayInsideTheRoots() throws IOException {
        Files.move(directory.resolve("model.safetensors"), ROOT.resolve(name + "-blob"));
        Files.createSymbolicLink(directory.resolve("model.safetensors"), ROOT.resolve(name + "-blob"));
        assertThat(importModel("{'path': '%s'}".formatted(name)).status()).isEqualTo(201);
    }

    @Test
    void saysWhatIsWrongWithABrokenModel() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"mamba\"}");
        Answer answer = importModel("{'path': '%s'}".formatted(name));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.problem()).isEqualTo("unreadable-model");
        assertThat(answer.json().get("detail").asString()).contains("mamba");

        Files.delete(directory.resolve("model.safetensors"));
        Files.writeString(directory.resolve("pytorch_model.bin"), "pickle");
        assertThat(importModel("{'path': '%s'}".formatted(name))
                        .json()
                        .get("detail")
                        .asString())
                .contains("pytorch_model.bin", "zip archive");
    }

    /** Config, and what the answer has to name. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'num_hidden_layers': 6 | 'num_hidden_layers': 7 | model.layers.6",
                "'num_hidden_layers': 6 | 'num_hidden_layers': 5 | block 5",
                "'intermediate_size': 512 | 'intermediate_size': 511 | 511",
                "'vocab_size': 4096 | 'vocab_size': 4095 | 4095",
                "'hidden_size': 192 | 'hidden_size': 384 | 384",
                "'attention_bias': false | 'attention_bias': true | q_proj.bias"
            })
    void refusesAConfigThatTheWeightsDoNotFit(String key, String value, String named) throws IOException {
        edit("config.json", key.replace('\'', '"'), value.replace('\'', '"'));
        refused(named);
    }

    @Test
    void refusesAModelWithoutAHeadThatIsNotTied() throws IOException {
        String config = Files.readString(directory.resolve("config.json"));
        String tied = "\"tie_word_embeddings\": ";
        boolean was = config.contains(tied + "true");
        if (was) {
            edit("config.json", tied + "true", tied + "false");
            refused("lm_head.weight");
        } else {
            dropHead();
            refused("lm_head.weight");
        }
    }

    private void dropHead() throws IOException {
        Path file = directory.resolve("model.safetensors");
        try (Checkpoint checkpoint = Checkpoint.open(SAMPLES.resolve("llama-mini"))) {
            SafetensorsWriter writer = new SafetensorsWriter(Map.of());
            checkpoint.names().stream()
                    .filter(tensor -> !tensor.startsWith("lm_head"))
                    .forEach(tensor -> writer.add(checkpoint.tensor(tensor)));
            writer.write(file);
        }
    }

    @Test
    void refusesAModelWhoseTokenizerCannotBeRead() throws IOException {
        String whole = Files.readString(directory.resolve("tokenizer.json"));
        Files.delete(directory.resolve("tokenizer.json"));
        refused("has no tokenizer");
        Files.writeString(directory.resolve("tokenizer.json"), "no JSON");
        refused("tokenizer.json");
        Files.writeString(directory.resolve("tokenizer.json"), "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{}}}");
        refused("WordPiece");
        Files.writeString(
                directory.resolve("tokenizer.json"),
                whole.replaceFirst("\"pre_tokenizer\"", "\"pre_tokenizer\":{\"type\":\"Strange\"},\"_\""));
        refused("Strange");
    }

    @Test
    void refusesAChatTemplateThatCannotBeRead() throws IOException {
        Files.writeString(directory.resolve("chat_template.jinja"), "{% for m in messages %}{{ m.content }");
        refused("chat template");
    }

    @Test
    void refusesWeightsThatAreNoNumbers() throws IOException {
        Path file = directory.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 11] = 0x7E;
        Files.write(file, bytes);
        String detail = refused("model.safetensors");
        assertThat(detail).contains("NaN", "element", "tensor '");
        assertThat(api().get("/api/v1/models/" + name).status()).isEqualTo(404);
    }

    @Test
    void showsLineageAndRefusesToDeleteAParent() {
        String parent =
                importModel("{'path': '%s'}".formatted(name)).json().get("id").asString();
        UUID child = insertModel(name + "-child");
        jdbc.sql(
                        "update registry.model set parent_id = :parent, kind = 'REPARAMETERIZED', method = 'acc' where id = :id")
                .param("parent", UUID.fromString(parent))
                .param("id", child)
                .update();
        JsonNode lineage = api().get("/api/v1/models/" + child + "/lineage").json();
        assertThat(lineage.get("ancestors").findValuesAsString("name")).containsExactly(name);
        assertThat(api().get("/api/v1/models/" + name + "/lineage")
                        .json()
                        .get("children")
                        .findValuesAsString("name"))
                .containsExactly(name + "-child");

        Answer refused = api().delete("/api/v1/models/" + name);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().get("detail").asString()).contains(name + "-child");
        assertThat(api().delete("/api/v1/models/" + child).status()).isEqualTo(204);
        assertThat(api().delete("/api/v1/models/" + name).status()).isEqualTo(204);
        assertThat(api().get("/api/v1/models/" + name).status()).isEqualTo(404);
        assertThat(directory.resolve("config.json")).exists();
    }

    @Test
    void listsByNameKindAndFamily() {
        importModel("{'path': '%s'}".formatted(name));
        insertModel(name + "_x");
        JsonNode all = api().get("/api/v1/models?sort=name&name=" + name.toUpperCase(java.util.Locale.ROOT))
                .json();
        assertThat(all.get("items").findValuesAsString("name")).containsExactly(name, name + "_x");
        assertThat(api().get("/api/v1/models?name=" + name + "_")
                        .json()
                        .get("totalItems")
                        .asInt())
                .isEqualTo(1);
        assertThat(api().get("/api/v1/models?kind=reparameterized&name=" + name)
                        .json()
                        .get("totalItems")
                        .asInt())
                .isZero();
        assertThat(api().get("/api/v1/models?family=llama&kind=original&name=" + name)
                        .json()
                        .get("totalItems")
                        .asInt())
                .isEqualTo(2);
        assertThat(api().get("/api/v1/models?kind=other").problem()).isEqualTo("invalid-field");
    }
}
