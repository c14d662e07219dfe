package io.shiftadd.tokenizer;

import io.shiftadd.format.ModelJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Texts with the ids and the decoded text that the reference implementation gives. */
record ReferenceTexts(String text, int[] ids, String decoded) {

    static List<ReferenceTexts> read(Path file) {
        List<ReferenceTexts> texts = new ArrayList<>();
        for (JsonNode entry : ModelJson.read(file, 10_000_000)) {
            List<Integer> ids = new ArrayList<>();
            entry.path("ids").forEach(id -> ids.add(id.intValue()));
            texts.add(new ReferenceTexts(
                    entry.path("text").stringValue(),
                    ids.stream().mapToInt(Integer::intValue).toArray(),
                    entry.path("decoded").stringValue()));
        }
        return texts;
    }
}
