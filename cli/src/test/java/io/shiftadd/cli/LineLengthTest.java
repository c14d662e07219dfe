package io.shiftadd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The formatter keeps code within 120 columns; comments, and how long files are, are ours to keep. Long texts in quotes
 * stay in one piece.
 */
class LineLengthTest {

    private static final int COLUMNS = 120;
    private static final int LINES = 350;

    /** Files that were longer when the rule came, with their lines then: these may become shorter alone. */
    private static final Map<String, Integer> LONGER = Map.ofEntries(
            Map.entry("BlockPass.java", 376),
            Map.entry("PackedLinearContract.java", 359),
            Map.entry("EvaluationIT.java", 370),
            Map.entry("AttentionPass.java", 367),
            Map.entry("HubServer.java", 376),
            Map.entry("KernelContext.java", 370),
            Map.entry("CausalLanguageModel.java", 367),
            Map.entry("CalibrationSet.java", 364),
            Map.entry("LoopWriter.java", 358),
            Map.entry("SchemaCasesTest.java", 353),
            Map.entry("GenerationEngine.java", 352),
            Map.entry("ResponsesIT.java", 373));

    private static final Pattern COMMENT = Pattern.compile("\\s*(/?\\*|//).*");
    private static final Pattern NOT_OURS = Pattern.compile("(.*/)?(target|\\.shiftadd|\\.git)/.*");

    @Test
    void noCommentHasLinesOfMoreThan120Columns() throws IOException {
        List<String> longer = new ArrayList<>();
        for (Path file : sources()) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (COMMENT.matcher(line).matches() && line.codePointCount(0, line.length()) > COLUMNS) {
                    longer.add(file + ":" + (i + 1));
                }
            }
        }
        assertThat(longer).isEmpty();
    }

    /** What is longer wants to be two things. */
    @Test
    void noFileHasMoreThan350LinesAndThoseThatHadBecomeShorter() throws IOException {
        List<String> longer = new ArrayList<>();
        for (Path file : sources()) {
            List<String> lines = Files.readAllLines(file);
            int most = LONGER.getOrDefault(file.getFileName().toString(), LINES);
            if (lines.size() > most) {
                longer.add(file + " has " + lines.size() + " lines, at most " + most);
            }
        }
        assertThat(longer).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        Path root = Path.of("..").toRealPath();
        assertThat(root.resolve("shiftadd")).as("the checkout").exists();
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file ->
                            !NOT_OURS.matcher(root.relativize(file).toString()).matches())
                    .toList();
        }
    }
}
