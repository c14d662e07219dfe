package io.shiftadd.registry.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;

/** A model's directory under a root, and what the registry says of it. */
abstract class ModelImports extends RegistryIT {

    final String name = "m-" + UUID.randomUUID().toString().substring(0, 8);
    final Path directory = ROOT.resolve(name);

    @BeforeEach
    void copySample() throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(SAMPLES.resolve("llama-mini"))) {
            for (Path file : files.toList()) {
                Files.write(directory.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
    }

    void edit(String file, String from, String to) throws IOException {
        String text = Files.readString(directory.resolve(file));
        assertThat(text).contains(from);
        Files.writeString(directory.resolve(file), text.replaceFirst(java.util.regex.Pattern.quote(from), to));
    }

    String refused(String named) {
        Answer answer = importModel("{'path': '%s'}".formatted(name));
        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.problem()).isEqualTo("unreadable-model");
        String detail = answer.json().get("detail").asString();
        assertThat(detail).contains(named).doesNotContain("Jackson", "JsonReadFeature", "REDACTED", "StreamRead");
        return detail;
    }

    Answer importModel(String json) {
        return api().post("/api/v1/models", json.replace('\'', '"'));
    }
}
