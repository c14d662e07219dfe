package io.shiftadd.quantize.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.format.ModelJson;
import io.shiftadd.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class EncodedChoiceTest {

    private static final Path SAMPLE = Path.of("..", "..", "samples", "llama-mini");

    private static final String BOS_TEXT_EOS = """
            {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                        {"SpecialToken": {"id": "</s>", "type_id": 0}}],
             "pair": [], "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]},
                                            "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}}""";

    @TempDir
    Path directory;

    @Test
    void whatATokenizerPutsAfterATextComesNeitherBeforeNorInAContinuation() throws IOException {
        ObjectNode json = (ObjectNode) ModelJson.read(SAMPLE.resolve("tokenizer.json"), 10_000_000);
        json.set("post_processor", ModelJson.parse(BOS_TEXT_EOS.getBytes(StandardCharsets.UTF_8), "test"));
        Files.writeString(directory.resolve("tokenizer.json"), ModelJson.write(json));
        Example.Choice choice = new Example.Choice("Once upon a time", " there was a girl", 17);
        try (Tokenizer plain = Tokenizer.open(SAMPLE);
                Tokenizer ending = Tokenizer.open(directory)) {
            assertThat(ending.encode("Once", true)).endsWith(2);
            EncodedChoice expected = EncodedChoice.of(choice, plain);
            EncodedChoice encoded = EncodedChoice.of(choice, ending);
            assertThat(encoded.context()).containsExactly(expected.context());
            assertThat(encoded.continuation()).containsExactly(expected.continuation());
        }
    }
}
