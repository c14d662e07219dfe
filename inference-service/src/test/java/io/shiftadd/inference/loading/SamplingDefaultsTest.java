package io.shiftadd.inference.loading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingDefaultsTest {

    private static final SamplingDefaults NONE = SamplingDefaults.parse("{}");

    @TempDir
    private Path model;

    @Test
    void areThoseOfTheFileBesideTheModel() throws IOException {
        assertThat(SamplingDefaults.of(model)).isEqualTo(NONE);
        Files.writeString(
                model.resolve("generation_config.json"),
                "{\"temperature\": 0.6, \"top_p\": 0.95, \"top_k\": 64, \"min_p\": 0.05, \"repetition_penalty\": 1.1}");
        SamplingDefaults defaults = SamplingDefaults.of(model);
        assertThat(defaults.temperature()).hasValue(0.6);
        assertThat(defaults.topP()).hasValue(0.95);
        assertThat(defaults.topK()).hasValue(64);
        assertThat(defaults.minP()).hasValue(0.05);
        assertThat(defaults.repetitionPenalty()).hasValue(1.1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"temperature\": null}",
                "{\"temperature\": \"hot\"}",
                "{\"temperature\": 2.5, \"top_p\": -1, \"top_k\": -5, \"min_p\": 7, \"repetition_penalty\": 0}",
                "[]",
                "no JSON"
            })
    void whatARequestCouldNotSayIsAsIfItWereNotThere(String text) {
        assertThat(SamplingDefaults.parse(text)).isEqualTo(NONE);
    }
}
