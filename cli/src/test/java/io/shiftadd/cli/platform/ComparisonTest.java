package io.shiftadd.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ComparisonTest {

    @BeforeAll
    static void pointAsDecimalSeparator() {
        Locale.setDefault(Locale.ROOT);
    }

    @Test
    void comparesWhatWasMeasured() {
        List<String> lines = lines("""
                {"perplexity_original": 10, "perplexity_reparameterized": 10.5,
                 "size_bytes_original": 6000000, "size_bytes_reparameterized": 2400000,
                 "bits_per_weight": 3.2, "mean_bits": 3}""");
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).contains("mini").contains("mini-3bit");
        assertThat(lines.get(1)).containsSubsequence("perplexity", "10.00", "10.50", "+5.0 %");
        assertThat(lines.get(2)).containsSubsequence("size of the model", "6.00 MB", "2.40 MB", "40.0 %");
        assertThat(lines.get(3)).containsSubsequence("bits a weight", "16", "3.20", "3.00 and scales");
    }

    @Test
    void leavesOutWhatWasNotMeasured() {
        assertThat(lines("{\"perplexity_original\": 10}")).hasSize(1);
    }

    @Test
    void keepsItsColumnsUnderEachOther() {
        List<String> lines = lines("""
                {"perplexity_original": 10, "perplexity_reparameterized": 10.5,
                 "layer_bytes_fp16": 4000000, "layer_bytes_packed": 800000}""");
        assertThat(lines.get(1).indexOf("10.50") + "10.50".length())
                .isEqualTo(lines.get(2).indexOf("800 kB") + "800 kB".length());
    }

    private static List<String> lines(String metrics) {
        return Comparison.lines("mini", "mini-3bit", JsonMapper.shared().readTree(metrics));
    }
}
