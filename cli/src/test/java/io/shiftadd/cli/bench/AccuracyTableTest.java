package io.shiftadd.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class AccuracyTableTest {

    private static final AccuracyRow UNIFORM = new AccuracyRow("m", "lut-gemm", 2, 2, 1000, 40, 46, 1.5, null);
    private static final AccuracyRow MIXED = new AccuracyRow(
            "m", "acc", 2.2, 2.198, 1100, 40, 44, 1.5, new Allocation(0.75, bits("layers.0.q", 2, "layers.1.q", 3)));
    private static final AccuracyRow UNKNOWN = new AccuracyRow("other", "acc", 2, 2, 1000, 40, 44, 1.5, null);

    @TempDir
    private Path directory;

    @Test
    void setsTheResearchCodesFiguresBeside() throws IOException {
        Path file = directory.resolve("research.json");
        Files.writeString(file, "{\"m\": {\"fp\": 40.0, \"lut2\": 50.0, \"mixlat\": 48.0}}");
        ResearchFigures research = ResearchFigures.read(file);
        assertThat(research.gain(UNIFORM).orElseThrow()).isCloseTo(0.4, within(1e-12));
        assertThat(research.gain(MIXED).orElseThrow()).isCloseTo(0.5, within(1e-12));
        assertThat(research.gain(UNKNOWN)).isEmpty();
        assertThat(AccuracyTable.markdown(List.of(MIXED, UNKNOWN), research, "how"))
                .contains("| m | acc | 2.2 | 2.198 | 1,100 | 40.000 | 44.000 | 4.000 | 48.000 | 50 % | 1.5 |")
                .contains("| other | acc | 2 | 2.000 | 1,000 | 40.000 | 44.000 | 4.000 |  |  | 1.5 |")
                .contains("| m | acc | 2.2 | 0.750 | q 23 |");
    }

    @Test
    void rowsKeepTheirAllocationInAFile() {
        JsonMapper json = JsonMapper.builder().build();
        AccuracyRow[] rows = {UNIFORM, MIXED};
        byte[] written = json.writeValueAsBytes(rows);
        assertThat(json.readValue(written, AccuracyRow[].class)).containsExactly(rows);
        assertThat(json.readTree(written).get(0).has("allocation")).isFalse();
        assertThat(json.readTree(written).get(0).get("fp_ppl").asDouble()).isEqualTo(40);
    }

    private static Map<String, Integer> bits(String first, int ofFirst, String second, int ofSecond) {
        Map<String, Integer> bits = new LinkedHashMap<>();
        bits.put(first, ofFirst);
        bits.put(second, ofSecond);
        return bits;
    }

    @Test
    void leavesWhatElseIsInTheFileInItsPlace() throws IOException {
        Path results = directory.resolve("results.md");
        ResearchFigures none = ResearchFigures.read(directory.resolve("absent.json"));
        AccuracyTable.write(results, AccuracyTable.markdown(List.of(UNKNOWN), none, "first"));
        Files.writeString(results, Files.readString(results) + "\nAnother section\n");
        AccuracyTable.write(results, AccuracyTable.markdown(List.of(UNIFORM), none, "second"));
        assertThat(Files.readString(results))
                .contains("second", "Another section", "lut-gemm")
                .doesNotContain("first", "| other |");
    }
}
