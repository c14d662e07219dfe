package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A {@code merges.txt}: two tokens in a line, best first, after an optional line with a version. */
final class MergesFile {

    private MergesFile() {}

    static List<List<String>> parse(byte[] bytes, String where) {
        List<List<String>> merges = new ArrayList<>();
        int number = 0;
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
            number++;
            String merge = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (merge.isEmpty() || number == 1 && merge.startsWith("#version")) {
                continue;
            }
            int space = merge.indexOf(' ');
            if (space <= 0 || space == merge.length() - 1 || merge.indexOf(' ', space + 1) >= 0) {
                throw new FormatException(
                        "is no merge",
                        where + ", line " + number,
                        "a line holds two tokens with one space between",
                        "Use the merges.txt that belongs to the vocab.json, or the model's tokenizer.json.");
            }
            merges.add(List.of(merge.substring(0, space), merge.substring(space + 1)));
        }
        return merges;
    }
}
