package io.shiftadd.model.vision;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.format.Checkpoint;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResamplingTest {

    @ParameterizedTest
    @EnumSource(Resampling.class)
    void givesTheBytesThatPillowGives(Resampling filter) throws Exception {
        Path file = Path.of(
                Objects.requireNonNull(ResamplingTest.class.getResource("/image-references/resampled.safetensors"))
                        .toURI());
        try (Checkpoint expected = Checkpoint.open(file)) {
            RgbImage image = new RgbImage(17, 13, expected.tensor("image").toByteArray());
            for (String name : expected.names()) {
                String[] parts = name.split("\\.");
                if (parts.length == 3 && Integer.parseInt(parts[0]) == filter.ordinal()) {
                    int height = Integer.parseInt(parts[1]);
                    int width = Integer.parseInt(parts[2]);
                    assertThat(filter.resize(image, width, height).rgb())
                            .as(name)
                            .isEqualTo(expected.tensor(name).toByteArray());
                }
            }
        }
    }
}
