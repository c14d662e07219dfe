package io.shiftadd.cli.bench;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The table of docs/results.md, between two marks, so that other measurements keep their place in the file. */
final class AccuracyTable {

    private static final String BEGIN = "<!-- accuracy: made by ./shiftadd bench accuracy -->";
    private static final String END = "<!-- accuracy: end -->";

    private static final String ALLOCATIONS = """

            ### Bits by layer

            Kendall's τ is that of the cheap criterion (ShiftAddLLM, section 4.3) and the measured loss of all layers at the fewest bits; bits
            are those of the blocks in their order, a digit each.

            | model | method | mean bits | τ | bits of blocks 0, 1, … |
            | --- | --- | --- | --- | --- |
            """;

    private AccuracyTable() {}

    static String markdown(List<AccuracyRow> rows, ResearchFigures research, String protocol) {
        StringBuilder table = new StringBuilder(BEGIN + "\n## Perplexity\n\n" + protocol + "\n\n");
        table.append(
                "| model | method | bits | mean bits | bytes | original | reparameterized | excess | research code |"
                        + " excess below its | seconds |\n");
        table.append("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        for (AccuracyRow row : rows) {
            OptionalDouble theirs = research.perplexity(row);
            OptionalDouble gain = research.gain(row);
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %.3f | %,d | %.3f | %.3f | %.3f | %s | %s | %.1f |%n",
                    row.model(),
                    row.method(),
                    bits(row.bits()),
                    row.meanBits(),
                    row.bytes(),
                    row.originalPerplexity(),
                    row.perplexity(),
                    row.perplexity() - row.originalPerplexity(),
                    theirs.isPresent() ? String.format(Locale.ROOT, "%.3f", theirs.getAsDouble()) : "",
                    gain.isPresent() ? String.format(Locale.ROOT, "%.0f %%", 100 * gain.getAsDouble()) : "",
                    row.seconds()));
        }
        return table.append(allocations(rows)).append(END).append('\n').toString();
    }

    private static String allocations(List<AccuracyRow> rows) {
        StringBuilder lines = new StringBuilder();
        for (AccuracyRow row : rows) {
            Allocation allocation = row.allocation();
            if (allocation != null) {
                lines.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %.3f | %s |%n",
                        row.model(),
                        row.method(),
                        bits(row.bits()),
                        allocation.kendallTau(),
                        allocation.digits()));
            }
        }
        return lines.isEmpty() ? "" : ALLOCATIONS + lines;
    }

    static String bits(double bits) {
        return bits == Math.rint(bits) ? Integer.toString((int) bits) : Double.toString(bits);
    }

    static void write(Path file, String section) {
        try {
            String text = Files.exists(file) ? Files.readString(file) : "# Results\n\n";
            int from = text.indexOf(BEGIN);
            int end = text.indexOf(END);
            String written = from < 0 || end < from
                    ? text.stripTrailing() + "\n\n" + section
                    : text.substring(0, from)
                            + section
                            + text.substring(end + END.length()).stripLeading();
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, written);
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be written", "Check the directory and its permissions.", e);
        }
    }
}
