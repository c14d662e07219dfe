package io.shiftadd.model.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.format.FormatException;
import io.shiftadd.model.family.ModelConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImagePreprocessorTest {

    @TempDir
    private Path directory;

    private static ModelConfig config(int channels) {
        String json = """
                {"model_type": "vit", "hidden_size": 8, "num_attention_heads": 2, "image_size": 4, "patch_size": 2,
                 "num_channels": %d, "num_labels": 2}""".formatted(channels);
        return ModelConfig.parse(json.getBytes(StandardCharsets.UTF_8), "config.json");
    }

    private float[] apply(String json, int channels, RgbImage image) throws Exception {
        if (!json.isEmpty()) {
            Files.writeString(directory.resolve("preprocessor_config.json"), json);
        }
        ImagePreprocessor preprocessor = ImagePreprocessor.of(directory, config(channels));
        float[] pixels = new float[preprocessor.values()];
        preprocessor.apply(image, pixels, 0);
        return pixels;
    }

    private static RgbImage plain(int width, int height, int red, int green, int blue) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = (byte) red;
            rgb[i + 1] = (byte) green;
            rgb[i + 2] = (byte) blue;
        }
        return new RgbImage(width, height, rgb);
    }

    @Test
    void withoutAFileTheDefaultsOfTheReferenceHold() throws Exception {
        float[] pixels = apply("", 3, plain(9, 5, 255, 0, 51));
        assertThat(Arrays.copyOf(pixels, 16)).containsOnly(1f);
        assertThat(Arrays.copyOfRange(pixels, 16, 32)).containsOnly(-1f);
        assertThat(pixels[32]).isCloseTo(-0.6f, org.assertj.core.api.Assertions.within(1e-6f));
    }

    @Test
    void eachStepMayBeLeftOut() throws Exception {
        String json = """
                {"do_rescale": false, "do_normalize": false, "do_resize": false}""";
        assertThat(Arrays.copyOf(apply(json, 3, plain(4, 4, 7, 8, 9)), 16)).containsOnly(7f);
        assertThatThrownBy(() -> apply(json, 3, plain(5, 4, 7, 8, 9)))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessageContaining("has 5 × 4 pixels. Send it with 4 × 4 pixels");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"size\": 4}",
                "{\"size\": {\"height\": 4, \"width\": 4}}",
                "{\"size\": {\"shortest_edge\": 6}, \"do_center_crop\": true, \"crop_size\": 4}",
                "{\"size\": 2, \"do_center_crop\": true, \"crop_size\": {\"height\": 4, \"width\": 4}}"
            })
    void sizesHaveManyForms(String json) throws Exception {
        float[] pixels = apply(json, 3, plain(9, 5, 255, 255, 255));
        // Of the last, which is cropped from less than it has, the middle.
        assertThat(new float[] {pixels[5], pixels[6], pixels[9], pixels[10]}).containsOnly(1f);
    }

    @Test
    void greyModelsSeeColoursAsPillowWeighsThem() throws Exception {
        String json = "{\"do_rescale\": false, \"do_normalize\": false}";
        assertThat(apply(json, 1, plain(4, 4, 200, 100, 50))).containsOnly(124f).hasSize(16);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"size\": 5} | size",
                "{\"size\": {\"height\": 4}} | size",
                "{\"size\": {\"shortest_edge\": 4}} | size",
                "{\"size\": 0} | size",
                "{\"resample\": 6} | resample",
                "{\"image_mean\": [0.5]} | image_mean",
                "{\"image_std\": [1, 0, 1]} | image_std",
                "{\"rescale_factor\": \"big\"} | rescale_factor",
                "{\"do_center_crop\": true, \"crop_size\": 3} | crop_size"
            })
    void refusesWhatCannotBeFollowed(String json, String key) {
        assertThatThrownBy(() -> apply(json, 3, plain(4, 4, 0, 0, 0)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(key);
    }
}
