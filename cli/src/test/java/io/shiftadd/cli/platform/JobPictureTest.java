package io.shiftadd.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JobPictureTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final JobPicture picture =
            new JobPicture(Terminal.plain(new PrintStream(written, true, StandardCharsets.UTF_8)), 7);

    @Test
    void tellsEachStageAndEachFinishedBlockOnceWhereNothingCanBeRedrawn() {
        show("calibrate", 0, "[]");
        show("reparameterize", 0, "[]");
        show("reparameterize", 1, layer(0));
        show("reparameterize", 1, layer(0));
        show("evaluate", 2, layer(0) + layer(1));
        assertThat(written.toString(StandardCharsets.UTF_8).lines().map(String::strip))
                .hasSize(5)
                .satisfies(lines -> {
                    assertThat(lines).element(0).isEqualTo("calibrate");
                    assertThat(lines).element(1).isEqualTo("reparameterize");
                    assertThat(lines)
                            .element(2)
                            .asString()
                            .startsWith("block 1/2")
                            .contains("2 layers, 2.25 bits, output error ≤ 0.020, 2.5 s");
                    assertThat(lines).element(3).asString().startsWith("block 2/2");
                    assertThat(lines).element(4).isEqualTo("evaluate");
                });
    }

    private void show(String stage, int finished, String layers) {
        JsonMapper json = JsonMapper.shared();
        picture.layers(
                json.readTree("[" + layers.replace("}{", "},{").replace("[]", "") + "]"),
                json.readTree("[{\"block\": 0, \"seconds\": 2.5}]"));
        picture.show(json.readTree("""
                {"state": "RUNNING", "stage": "%s", "blockCurrent": %d, "blockCount": 2, "progress": 0.5}
                """.formatted(stage, finished)));
    }

    private static String layer(int block) {
        return """
                {"block": %1$d, "bits": 3, "inputs": 4, "outputs": 4, "outputError": 0.02, "seconds": 1.5}
                {"block": %1$d, "bits": 2, "inputs": 16, "outputs": 3, "outputError": 0.01, "seconds": 1.5}""".formatted(block).replace("\n", "");
    }
}
