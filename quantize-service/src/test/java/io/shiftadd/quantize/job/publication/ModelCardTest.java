package io.shiftadd.quantize.job.publication;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.job.JobSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class ModelCardTest {

    @TempDir
    private Path directory;

    private static ModelCard card(String base, Map<String, Object> license, String settings) {
        return new ModelCard(
                base,
                false,
                license,
                false,
                JobSettings.parse(settings),
                2.5,
                Map.of(
                        "layer_bytes_fp16", 4.72e6,
                        "layer_bytes_packed", 0.98e6,
                        "bits_per_weight", 3.31,
                        "energy_picojoules_per_token_original", 1.0271e9,
                        "energy_picojoules_per_token_reparameterized", 4.18e8),
                Map.of("perplexity_original", 40.0714, "perplexity_reparameterized", 46.93, "top1_agreement", 0.8),
                "32 windows of text that the original wrote itself");
    }

    private static Map<String, Object> frontMatter(String card) {
        String[] parts = card.split("(?m)^---$", 3);
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(parts[1]);
    }

    @Test
    void saysWhatItWasMadeOfAndHowAndWhatItLost() {
        String card = card("owner/model", Map.of("license", "apache-2.0"), "{\"method\": \"lat\", \"headBits\": 6}")
                .text();
        assertThat(frontMatter(card))
                .containsEntry("base_model", "owner/model")
                .containsEntry("base_model_relation", "quantized")
                .containsEntry("license", "apache-2.0")
                .containsEntry("tags", List.of("shiftadd", "quantized", "lat"));
        assertThat(card)
                .contains("# owner/model in 2.50 bits")
                .contains("| perplexity | 40.07 | 46.93 |")
                .contains("| linear layers | 4.72 MB | 980 kB |")
                .contains("| energy of a token, estimated | 1.03 mJ | 418 µJ |")
                .contains("| bits of the head | 6 |")
                .contains("32 windows of text that the original wrote itself")
                .contains("./shiftadd run <this directory>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: b", "x\n---\nlicense: mit", "\"quoted\"", "- list", "\\", "#", "naïve", "<b>*|"})
    void aNameIsANameWhateverItIs(String base) {
        assertThat(frontMatter(card(base, Map.of(), "{}").text()))
                .containsEntry("base_model", base)
                .doesNotContainKey("license");
    }

    @Test
    void keepsWhatTheOriginalsCardSaysOfItsLicence() throws IOException {
        Files.writeString(directory.resolve("README.md"), """
                ---
                license: other
                license_name: gemma
                license_link: https://ai.google.dev/gemma/terms
                language:
                - en
                - de
                datasets: [secret]
                ---
                # A model
                """);
        assertThat(SourceCard.license(directory))
                .containsExactly(
                        Map.entry("license", "other"),
                        Map.entry("license_name", "gemma"),
                        Map.entry("license_link", "https://ai.google.dev/gemma/terms"),
                        Map.entry("language", List.of("en", "de")));
        assertThat(frontMatter(card("m", SourceCard.license(directory), "{}").text()))
                .containsEntry("license_name", "gemma")
                .containsEntry("language", List.of("en", "de"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no front matter",
                "---\nlicense: [\n---\n",
                "---\nlicense: !!java.net.URL [\"http://x\"]\n---\n",
                "---\na: &a [x]\nlicense: {x: *a}\n---\n",
                "---\n- license\n---\n",
                "---\nlicense: mit\nlicense: other\n---\n",
                "---\nlicense: 7\n---\n"
            })
    void aCardThatSaysNothingReadableIsNone(String card) throws IOException {
        Files.writeString(directory.resolve("README.md"), card);
        assertThat(SourceCard.license(directory)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LICENSE", "license.txt", "LICENCE", "COPYING", "LICENSE-APACHE"})
    void knowsALicenceByItsName(String name) throws IOException {
        assertThat(SourceCard.hasLicense(directory)).isFalse();
        Files.writeString(directory.resolve(name), "Do what is right.");
        assertThat(SourceCard.hasLicense(directory)).isTrue();
    }
}
