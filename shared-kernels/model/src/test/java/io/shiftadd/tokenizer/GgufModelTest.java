package io.shiftadd.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shiftadd.SharedFiles;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.MatrixRows;
import io.shiftadd.format.ModelJson;
import io.shiftadd.format.gguf.GgufBytes;
import io.shiftadd.format.gguf.GgufFile;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.Verification;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Writes a whole model as GGUF, as llama.cpp's converter does, and expects the same model back. */
class GgufModelTest {

    @TempDir
    Path directory;

    private final Path model = SharedFiles.repository().resolve("samples/llama-mini");
    private final JsonNode config = ModelJson.read(model.resolve("config.json"), 100_000);
    private final JsonNode tokenizer = ModelJson.read(model.resolve("tokenizer.json"), 10_000_000);

    private boolean quantizes;

    private GgufBytes llamaMini() {
        GgufBytes gguf = new GgufBytes()
                .text("general.architecture", "llama")
                .integer("llama.embedding_length", config.get("hidden_size").intValue())
                .integer(
                        "llama.feed_forward_length",
                        config.get("intermediate_size").intValue())
                .integer("llama.block_count", config.get("num_hidden_layers").intValue())
                .integer(
                        "llama.context_length",
                        config.get("max_position_embeddings").intValue())
                .integer(
                        "llama.attention.head_count",
                        config.get("num_attention_heads").intValue())
                .integer(
                        "llama.attention.head_count_kv",
                        config.get("num_key_value_heads").intValue())
                .integer("llama.rope.dimension_count", config.get("head_dim").intValue())
                .number("llama.attention.layer_norm_rms_epsilon", (float)
                        config.get("rms_norm_eps").doubleValue())
                .number("llama.rope.freq_base", 10000f);
        addVocabulary(gguf);
        try (Checkpoint original = Checkpoint.open(model)) {
            original.names().forEach(name -> addTensor(gguf, name, original));
        }
        return gguf;
    }

    /** Scores in the order of the merges, as the library that trained the tokenizer ranks them. */
    private void addVocabulary(GgufBytes gguf) {
        Map<Integer, String> tokens = new TreeMap<>();
        tokenizer
                .path("model")
                .path("vocab")
                .properties()
                .forEach(e -> tokens.put(e.getValue().intValue(), e.getKey()));
        List<String> merged = new ArrayList<>();
        tokenizer
                .path("model")
                .path("merges")
                .forEach(pair ->
                        merged.add(pair.get(0).stringValue() + pair.get(1).stringValue()));
        float[] scores = new float[tokens.size()];
        int[] types = new int[tokens.size()];
        tokens.forEach((id, token) -> {
            int rank = merged.indexOf(token);
            scores[id] = rank < 0 ? -merged.size() : -rank;
            types[id] = id == 0 ? 2 : id < 3 ? 3 : token.matches("<0x..>") ? 6 : 1;
        });
        gguf.text("tokenizer.ggml.model", "llama")
                .texts("tokenizer.ggml.tokens", new ArrayList<>(tokens.values()))
                .numbers("tokenizer.ggml.scores", scores)
                .integers("tokenizer.ggml.token_type", types)
                .integer("tokenizer.ggml.bos_token_id", 1)
                .integer("tokenizer.ggml.eos_token_id", 2)
                .flag("tokenizer.ggml.add_bos_token", true);
    }

    private void addTensor(GgufBytes gguf, String name, Checkpoint original) {
        String renamed = name.replace("model.embed_tokens", "token_embd")
                .replace("model.norm", "output_norm")
                .replace("lm_head", "output")
                .replace("model.layers.", "blk.")
                .replace("input_layernorm", "attn_norm")
                .replace("post_attention_layernorm", "ffn_norm")
                .replace("self_attn.o_proj", "attn_output")
                .replaceAll("self_attn\\.([qkv])_proj", "attn_$1")
                .replaceAll("mlp\\.(\\w+)_proj", "ffn_$1");
        float[] values = original.tensor(name).toFloatArray();
        long[] shape = original.tensor(name).shape();
        if (name.contains("q_proj") || name.contains("k_proj")) {
            values = permuted(values, (int) shape[1]);
        }
        if (quantizes && shape.length == 2) {
            gguf.tensor(renamed, 8, shape, q8(values));
        } else {
            gguf.tensor(renamed, shape, values);
        }
    }

    /** reshape(heads, 2, size / 2, columns).swapaxes(1, 2) */
    private float[] permuted(float[] values, int columns) {
        int size = config.get("head_dim").intValue();
        float[] permuted = new float[values.length];
        for (int row = 0; row < values.length / columns; row++) {
            int inHead = row % size;
            int to = row - inHead + inHead % (size / 2) * 2 + inHead / (size / 2);
            System.arraycopy(values, row * columns, permuted, to * columns, columns);
        }
        return permuted;
    }

    @Test
    void isTheModelItWasMadeFrom() throws IOException {
        Path file = llamaMini().write(directory.resolve("llama-mini.gguf"));
        try (Checkpoint original = Checkpoint.open(model);
                Checkpoint gguf = Checkpoint.open(directory)) {
            assertThat(gguf.names()).isEqualTo(original.names());
            for (String name : original.names()) {
                assertThat(gguf.tensor(name).shape())
                        .isEqualTo(original.tensor(name).shape());
                assertThat(gguf.tensor(name).toFloatArray())
                        .as(name)
                        .isEqualTo(original.tensor(name).toFloatArray());
            }
        }
        try (GgufFile gguf = GgufFile.open(file)) {
            gguf.toHuggingFaceConfig().forEach((key, value) -> {
                JsonNode expected = key.equals("rope_theta")
                        ? config.path("rope_parameters").path("rope_theta")
                        : config.path(key);
                if (value instanceof Number number) {
                    assertThat(number.doubleValue()).as(key).isEqualTo(expected.doubleValue());
                } else if (value instanceof String || value instanceof Boolean) {
                    assertThat(value.toString()).as(key).isEqualTo(expected.asString());
                }
            });
        }
    }

    /** Blocks of a scale and 32 signed bytes, of the largest magnitude in each. */
    private static byte[] q8(float[] values) {
        ByteBuffer blocks = ByteBuffer.allocate(values.length / 32 * 34).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += 32) {
            float largest = 0;
            for (int i = from; i < from + 32; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            short scale = Float.floatToFloat16(largest / 127);
            blocks.putShort(scale);
            for (int i = from; i < from + 32; i++) {
                float step = Float.float16ToFloat(scale);
                blocks.put((byte) (step == 0 ? 0 : Math.clamp(Math.round(values[i] / step), -127, 127)));
            }
        }
        return blocks.array();
    }

    @Test
    void readsQuantizedRowsWhereTheyLie() throws IOException {
        quantizes = true;
        Path file = llamaMini().write(directory.resolve("llama-mini.gguf"));
        try (Checkpoint gguf = Checkpoint.open(file)) {
            for (String name : gguf.names()) {
                if (gguf.tensor(name).shape().length == 2) {
                    MatrixRows rows = gguf.rows(name);
                    int columns = (int) rows.shape()[1];
                    assertThat(rows.bytes()).isEqualTo(rows.shape()[0] * columns / 32 * 34);
                    float[] all = new float[(int) rows.shape()[0] * columns];
                    for (int row = 0; row < rows.shape()[0]; row++) {
                        rows.copyRow(row, all, row * columns);
                    }
                    assertThat(all).as(name).isEqualTo(gguf.tensor(name).toFloatArray());
                }
            }
        }
        Path reference = model.resolveSibling("references").resolve("llama-mini.safetensors");
        try (CausalLanguageModel opened = CausalLanguageModel.open(file);
                Checkpoint expected = Checkpoint.open(reference);
                KernelContext context = KernelContext.create(2)) {
            assertThat(Verification.run(opened, expected, context).maxRelative())
                    .isBetween(1e-4, 0.05);
        }
    }

    @Test
    void computesWhatTheModelComputes() throws IOException {
        Path file = llamaMini().write(directory.resolve("llama-mini.gguf"));
        Path reference = model.resolveSibling("references").resolve("llama-mini.safetensors");
        try (CausalLanguageModel opened = CausalLanguageModel.open(file);
                Checkpoint expected = Checkpoint.open(reference);
                KernelContext context = KernelContext.create(2)) {
            Verification.Report report = Verification.run(opened, expected, context);
            assertThat(report.maxRelative()).as(report.toString()).isLessThan(1e-4);
            assertThat(report.greedy().orElseThrow().complete()).isTrue();
        }
    }

    /** As a publication of a GGUF source does it. */
    @Test
    void isTheSameModelInTheLayoutOfHuggingFace() throws IOException {
        Path file = llamaMini()
                .text("tokenizer.chat_template", "{{ bos_token }}{{ messages[0].content }}")
                .write(directory.resolve("llama-mini.gguf"));
        Path converted = Files.createDirectory(directory.resolve("converted"));
        for (Map.Entry<String, byte[]> entry : GgufConversion.files(file).entrySet()) {
            Files.write(converted.resolve(entry.getKey()), entry.getValue());
        }
        try (Checkpoint gguf = Checkpoint.open(file)) {
            SafetensorsWriter writer = new SafetensorsWriter(Map.of());
            gguf.names().forEach(name -> writer.add(gguf.tensor(name)));
            writer.write(converted.resolve("model.safetensors"));
        }
        Path reference = model.resolveSibling("references").resolve("llama-mini.safetensors");
        try (CausalLanguageModel opened = CausalLanguageModel.open(converted);
                Checkpoint expected = Checkpoint.open(reference);
                KernelContext context = KernelContext.create(2)) {
            assertThat(Verification.run(opened, expected, context).maxRelative())
                    .isLessThan(1e-4);
        }
        try (Tokenizer original = Tokenizer.open(model);
                Tokenizer opened = Tokenizer.open(converted)) {
            String text = "Once upon a time, <s> there was é🙂";
            assertThat(opened.encode(text, true)).containsExactly(original.encode(text, true));
            assertThat(opened.eosIds()).containsExactly(2);
            assertThat(opened.chatTemplate().orElseThrow().render(List.of(Map.of("content", "Hi")), true))
                    .isEqualTo("<s>Hi");
        }
    }

    @Test
    void hasTheTokenizerOfTheModel() throws IOException {
        Path file = llamaMini().write(directory.resolve("llama-mini.gguf"));
        List<ReferenceTexts> texts =
                ReferenceTexts.read(SharedFiles.repository().resolve("samples/references/llama-mini.tokens.json"));
        for (Path path : List.of(file, directory)) {
            try (Tokenizer gguf = Tokenizer.open(path)) {
                for (ReferenceTexts reference : texts) {
                    assertThat(gguf.encode(reference.text(), true)).containsExactly(reference.ids());
                    assertThat(gguf.decode(reference.ids(), true)).isEqualTo(reference.decoded());
                }
                assertThat(gguf.bosId()).hasValue(1);
                assertThat(gguf.eosIds()).containsExactly(2);
            }
        }
    }

    private static GgufBytes byteLevel() {
        GgufBytes gguf = new GgufBytes()
                .text("general.architecture", "qwen2")
                .integer("qwen2.embedding_length", 1)
                .integer("qwen2.feed_forward_length", 1)
                .integer("qwen2.block_count", 1)
                .integer("qwen2.context_length", 1)
                .integer("qwen2.attention.head_count", 1)
                .number("qwen2.attention.layer_norm_rms_epsilon", 1e-5f)
                .tensor("token_embd.weight", new long[] {5, 1}, new float[5])
                .text("tokenizer.ggml.model", "gpt2")
                .texts("tokenizer.ggml.tokens", List.of("a", "1", "11", "Ġ", "<|im_end|>"))
                .texts("tokenizer.ggml.merges", List.of("1 1"))
                .integer("tokenizer.ggml.eos_token_id", 4);
        return gguf.integers("tokenizer.ggml.token_type", 1, 1, 1, 1, 3);
    }

    @Test
    void readsByteLevelVocabularies() throws IOException {
        Path llama = byteLevel().text("tokenizer.ggml.pre", "llama-bpe").write(directory.resolve("a.gguf"));
        Path qwen = byteLevel().text("tokenizer.ggml.pre", "qwen2").write(directory.resolve("b.gguf"));
        try (Tokenizer tokenizer = Tokenizer.open(llama)) {
            assertThat(tokenizer.encode("a11<|im_end|> ", true)).containsExactly(0, 2, 4, 3);
            assertThat(tokenizer.eosIds()).containsExactly(4);
            assertThat(tokenizer.isSpecial(4)).isTrue();
        }
        try (Tokenizer tokenizer = Tokenizer.open(qwen)) {
            assertThat(tokenizer.encode("a11", true)).as("digits apart").containsExactly(0, 1, 1);
        }
    }

    @Test
    void rejectsVocabulariesItDoesNotKnow() throws IOException {
        Path pre = byteLevel().text("tokenizer.ggml.pre", "no-such-split").write(directory.resolve("a.gguf"));
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Tokenizer.open(pre))
                .withMessageContaining("no-such-split");
    }
}
