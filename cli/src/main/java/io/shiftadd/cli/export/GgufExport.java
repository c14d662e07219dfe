package io.shiftadd.cli.export;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.format.FloatTensor;
import io.shiftadd.format.gguf.GgmlType;
import io.shiftadd.format.gguf.GgufRenaming;
import io.shiftadd.format.gguf.GgufWriter;
import io.shiftadd.model.expansion.ExpandedModel;
import io.shiftadd.model.expansion.GgufDescription;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.tokenizer.GgufVocabularyWriter;
import io.shiftadd.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A model as a GGUF file. What was written is read again and compared: a family or tokenizer that GGUF has no words for
 * is refused, never written as something else.
 */
record GgufExport(Path source, String name) {

    /** Numbers of llama.cpp's file types. */
    private static final int MOSTLY_F16 = 1;

    private static final int MOSTLY_Q8_0 = 7;
    private static final int QUANTIZATION_VERSION = 2;
    private static final int BLOCK = 32;

    /** What tokenizers differ in: spaces, digits, punctuation, scripts, what is no letter, code. */
    private static final List<String> PROBES = List.of(
            "Once upon a time, there was a little girl named Lily.",
            " It's 1234567890 o'clock;   three  spaces\tand a tab.\n\n  New lines\r\n",
            "Grüße aus Köln — «où?» Ελληνικά, кириллица, 中文字符, 日本語, العربية, हिन्दी",
            "def f(x):\n    return {'a': [x**2, 0xFF]}  # naïve 😀👩‍👩‍👧\u00a0",
            "UPPER lower CamelCase snake_case can't we'll I'VE");

    void write(ExportFormat format, Path file) {
        try (ExpandedModel model = ExpandedModel.open(source)) {
            ModelConfig config = model.config();
            GgufDescription description = GgufDescription.of(config, name);
            if (!model.others().isEmpty()) {
                throw new CommandFailure(
                        name + " has weights in a form of its own: "
                                + model.others().getFirst(),
                        "Export it as it is: --format artifact");
            }
            GgmlType matrices = format.matrices().orElseThrow();
            GgufWriter writer = new GgufWriter()
                    .putAll(description.metadata())
                    .put("general.name", name)
                    .put("general.file_type", matrices == GgmlType.F16 ? MOSTLY_F16 : MOSTLY_Q8_0)
                    .put("general.quantization_version", QUANTIZATION_VERSION)
                    .putAll(GgufVocabularyWriter.metadata(source, config.vocabularySize()));
            List<FloatTensor> tensors =
                    new ArrayList<>(new GgufRenaming(description.architecture(), config.heads(), config.kvHeads(), name)
                            .of(model.tensors()));
            tensors.addAll(description.tensors());
            tensors.forEach(tensor -> writer.add(tensor, type(tensor, matrices)));
            writer.write(file);
            GgufDescription.requireSame(config, file, name);
        }
        requireSameTokens(file);
    }

    /** As llama.cpp has it: what is small and counts much stays in full. */
    private static GgmlType type(FloatTensor tensor, GgmlType matrices) {
        boolean full = tensor.shape().length < 2
                || tensor.name().contains("ffn_gate_inp")
                || tensor.name().startsWith("position_embd");
        if (full) {
            return GgmlType.F32;
        }
        return tensor.rowLength() % BLOCK == 0 ? matrices : GgmlType.F16;
    }

    private void requireSameTokens(Path file) {
        try (Tokenizer original = Tokenizer.open(source);
                Tokenizer written = Tokenizer.open(file)) {
            for (String probe : PROBES) {
                if (!Arrays.equals(original.encode(probe, true), written.encode(probe, true))) {
                    throw new CommandFailure(
                            "a GGUF file cannot have the tokenizer of %s: '%s' would become other tokens"
                                    .formatted(name, probe.strip()),
                            "Export it as safetensors, with its tokenizer.json: --format safetensors");
                }
            }
        }
    }
}
