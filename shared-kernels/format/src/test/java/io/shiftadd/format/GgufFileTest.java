package io.shiftadd.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufFileTest {

    private static final String NAME = "blk.0.attn_v.weight";
    private static final String ORIGINAL = "model.layers.0.self_attn.v_proj.weight";

    @TempDir
    Path directory;

    private static GgufBytes llama() {
        return new GgufBytes().text("general.architecture", "llama");
    }

    private GgufFile open(GgufBytes bytes) throws IOException {
        return GgufFile.open(bytes.write(directory.resolve("model.gguf")));
    }

    private ThrowableAssertAlternative<FormatException> assertRejected(byte[] bytes) {
        Path file = SafetensorsBytes.write(directory, "wrong.gguf", bytes);
        return assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> GgufFile.open(file))
                .withMessageContaining("wrong.gguf")
                .satisfies(e -> assertThat(e.remedy()).isNotBlank());
    }

    @Test
    void readsPlainTypes() throws IOException {
        float[] values = {1.5f, -2f, 0f, 65504f};
        ByteBuffer halves = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer brains = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            halves.putShort(Float.floatToFloat16(value));
            brains.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        }
        try (GgufFile file = open(llama().tensor("token_embd.weight", new long[] {2, 2}, values)
                .tensor("output.weight", 1, new long[] {1, 4}, halves.array())
                .tensor(NAME, 30, new long[] {4, 1}, brains.array()))) {
            assertThat(file.names()).containsExactlyInAnyOrder("model.embed_tokens.weight", "lm_head.weight", ORIGINAL);
            assertThat(file.tensor("model.embed_tokens.weight").toFloatArray()).containsExactly(values);
            assertThat(file.tensor("lm_head.weight").toFloatArray()).containsExactly(values);
            assertThat(file.tensor("lm_head.weight").dtype()).isEqualTo(DType.F16);
            assertThat(file.tensor("lm_head.weight").shape()).containsExactly(1, 4);
            assertThat(file.tensor(ORIGINAL).toFloatArray()).containsExactly(1.5f, -2f, 0f, 65280f);
            assertThat(file.tensor(ORIGINAL).name()).isEqualTo(ORIGINAL);
        }
    }

    @Test
    void knowsTypesAndShapesFromTheHeader() throws IOException {
        try (GgufFile file = open(llama().tensor("token_embd.weight", 8, new long[] {3, 32}, new byte[3 * 34])
                .tensor("output.weight", 1, new long[] {1, 4}, new byte[8])
                .tensor(NAME, 2, new long[] {1, 64}, new byte[2 * 18]))) {
            for (String name : file.names()) {
                TensorView tensor = file.tensor(name);
                assertThat(file.type(name).dtype()).isEqualTo(tensor.dtype());
                assertThat(file.type(name).shape()).isEqualTo(tensor.shape());
                assertThat(file.type(name).byteSize()).isEqualTo(tensor.data().byteSize());
            }
            assertThatExceptionOfType(FormatException.class).isThrownBy(() -> file.type("x"));
        }
    }

    @Test
    void expandsQuantizedBlocks() throws IOException {
        ByteBuffer eight = ByteBuffer.allocate(2 * 34).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer four = ByteBuffer.allocate(2 * 18).order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < 2; block++) {
            eight.putShort(Float.floatToFloat16(0.5f + block));
            four.putShort(Float.floatToFloat16(0.5f + block));
            for (int i = 0; i < 32; i++) {
                eight.put((byte) (i * 8 - 128));
            }
            for (int i = 0; i < 16; i++) {
                four.put((byte) (i | (15 - i) << 4));
            }
        }
        try (GgufFile file = open(llama().tensor("token_embd.weight", 8, new long[] {2, 32}, eight.array())
                .tensor(NAME, 2, new long[] {1, 64}, four.array()))) {
            float[] q8 = file.tensor("model.embed_tokens.weight").toFloatArray();
            float[] q4 = file.tensor(ORIGINAL).toFloatArray();
            for (int i = 0; i < 64; i++) {
                float scale = 0.5f + i / 32;
                assertThat(q8[i]).isEqualTo(scale * (i % 32 * 8 - 128));
                int inBlock = i % 32;
                assertThat(q4[i]).isEqualTo(scale * ((inBlock < 16 ? inBlock : 15 - (inBlock - 16)) - 8));
            }
        }
    }

    @Test
    void undoesThePermutationOfRotaryRows() throws IOException {
        int heads = 3;
        int headSize = 8;
        int columns = 5;
        float[] original = random(heads * headSize * columns);
        float[] permuted = new float[original.length];
        // llama.cpp: reshape(heads, 2, headSize / 2, columns).swapaxes(1, 2)
        for (int h = 0; h < heads; h++) {
            for (int half = 0; half < 2; half++) {
                for (int i = 0; i < headSize / 2; i++) {
                    int from = (h * headSize + half * (headSize / 2) + i) * columns;
                    int to = (h * headSize + i * 2 + half) * columns;
                    System.arraycopy(original, from, permuted, to, columns);
                }
            }
        }
        long[] shape = {heads * headSize, columns};
        GgufBytes bytes = llama().integer("llama.attention.head_count", heads)
                .tensor("blk.7.attn_q.weight", shape, permuted)
                .tensor("blk.7.attn_k.weight", shape, permuted)
                .tensor("blk.7.attn_v.weight", shape, original);
        try (GgufFile file = open(bytes)) {
            for (String name : List.of("q_proj", "k_proj", "v_proj")) {
                assertThat(file.tensor("model.layers.7.self_attn." + name + ".weight")
                                .toFloatArray())
                        .as(name)
                        .containsExactly(original);
            }
        }
    }

    @Test
    void putsBloomsHeadsTogetherAgain() throws IOException {
        int heads = 2;
        int headSize = 3;
        int columns = heads * headSize;
        float[] original = random(heads * 3 * headSize * columns);
        float[] joined = new float[original.length];
        // llama.cpp: reshape(heads, 3, headSize, columns), then all of [:, 0], all of [:, 1], all of [:, 2]
        int to = 0;
        for (int part = 0; part < 3; part++) {
            for (int h = 0; h < heads; h++) {
                for (int i = 0; i < headSize; i++) {
                    int row = (h * 3 + part) * headSize + i;
                    System.arraycopy(original, row * columns, joined, to++ * columns, columns);
                }
            }
        }
        GgufBytes bytes = new GgufBytes()
                .text("general.architecture", "bloom")
                .integer("bloom.attention.head_count", heads)
                .tensor("blk.0.attn_qkv.weight", new long[] {3L * columns, columns}, joined)
                .tensor("blk.0.ffn_up.bias", new long[] {2}, new float[] {1, 2});
        try (GgufFile file = open(bytes)) {
            assertThat(file.tensor("transformer.h.0.self_attention.query_key_value.weight")
                            .toFloatArray())
                    .containsExactly(original);
            assertThat(file.tensor("transformer.h.0.mlp.dense_h_to_4h.bias").toFloatArray())
                    .containsExactly(1, 2);
        }
    }

    @Test
    void takesTheOffsetOffGemmasNorms() throws IOException {
        GgufBytes bytes = new GgufBytes()
                .text("general.architecture", "gemma2")
                .tensor("blk.0.post_ffw_norm.weight", new long[] {2}, new float[] {1.25f, 0.5f})
                .tensor("token_embd.weight", new long[] {1, 2}, new float[] {1, 2});
        try (GgufFile file = open(bytes)) {
            assertThat(file.tensor("model.layers.0.post_feedforward_layernorm.weight")
                            .toFloatArray())
                    .containsExactly(0.25f, -0.5f);
            assertThat(file.tensor("model.embed_tokens.weight").toFloatArray()).containsExactly(1, 2);
        }
    }

    private static GgufBytes parameters(String architecture) {
        return new GgufBytes()
                .text("general.architecture", architecture)
                .integer(architecture + ".embedding_length", 64)
                .integer(architecture + ".feed_forward_length", 172)
                .integer(architecture + ".block_count", 5)
                .integer(architecture + ".context_length", 512)
                .integer(architecture + ".attention.head_count", 8)
                .integer(architecture + ".attention.head_count_kv", 4)
                .number(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f)
                .number(architecture + ".rope.freq_base", 500000f)
                .integer("tokenizer.ggml.bos_token_id", 1)
                .tensor("token_embd.weight", new long[] {3, 64}, new float[192]);
    }

    @Test
    void derivesTheConfig() throws IOException {
        try (GgufFile file = open(parameters("llama").integer("llama.rope.dimension_count", 8))) {
            assertThat(file.toHuggingFaceConfig())
                    .containsEntry("model_type", "llama")
                    .containsEntry("architectures", List.of("LlamaForCausalLM"))
                    .containsEntry("hidden_size", 64L)
                    .containsEntry("intermediate_size", 172L)
                    .containsEntry("num_hidden_layers", 5L)
                    .containsEntry("num_attention_heads", 8L)
                    .containsEntry("num_key_value_heads", 4L)
                    .containsEntry("head_dim", 8L)
                    .containsEntry("max_position_embeddings", 512L)
                    .containsEntry("vocab_size", 3L)
                    .containsEntry("rms_norm_eps", 1e-5)
                    .containsEntry("rope_theta", 500000.0)
                    .containsEntry("tie_word_embeddings", true)
                    .containsEntry("bos_token_id", 1L)
                    .doesNotContainKey("rope_scaling");
        }
        try (GgufFile file = open(parameters("llama").integer("llama.attention.sliding_window", 8))) {
            assertThat(file.toHuggingFaceConfig())
                    .containsEntry("model_type", "mistral")
                    .containsEntry("sliding_window", 8L);
        }
        try (GgufFile file = open(parameters("gemma2")
                .integer("gemma2.attention.key_length", 16)
                .number("gemma2.final_logit_softcapping", 30f))) {
            assertThat(file.toHuggingFaceConfig())
                    .containsEntry("query_pre_attn_scalar", 16L)
                    .containsEntry("final_logit_softcapping", 30.0)
                    .containsEntry("head_dim", 16L);
        }
        try (GgufFile file = open(parameters("llama")
                .text("llama.rope.scaling.type", "linear")
                .number("llama.rope.scaling.factor", 2f))) {
            assertThat(file.toHuggingFaceConfig())
                    .containsEntry("rope_scaling", Map.of("rope_type", "linear", "factor", 2.0));
        }
    }

    @Test
    void findsTheScalingOfLlama3() throws IOException {
        float[] divisors = new float[32];
        for (int i = 0; i < divisors.length; i++) {
            double wavelength = 2 * Math.PI * Math.pow(500000, i / 32.0);
            double smooth = (8192 / wavelength - 1) / 3;
            divisors[i] = (float) (wavelength < 2048 ? 1 : wavelength > 8192 ? 8 : 1 / ((1 - smooth) / 8 + smooth));
        }
        try (GgufFile file = open(parameters("llama").tensor("rope_freqs.weight", new long[] {32}, divisors))) {
            assertThat(file.names()).containsExactly("model.embed_tokens.weight");
            assertThat(file.toHuggingFaceConfig().get("rope_scaling"))
                    .isEqualTo(Map.of(
                            "rope_type",
                            "llama3",
                            "factor",
                            8.0,
                            "low_freq_factor",
                            1.0,
                            "high_freq_factor",
                            4.0,
                            "original_max_position_embeddings",
                            8192L));
        }
        divisors[20] = 3;
        try (GgufFile file = open(parameters("llama").tensor("rope_freqs.weight", new long[] {32}, divisors))) {
            assertThatExceptionOfType(FormatException.class).isThrownBy(file::toHuggingFaceConfig);
        }
    }

    @Test
    void namesAMissingParameter() throws IOException {
        try (GgufFile file = open(llama().tensor("token_embd.weight", new long[] {1, 1}, new float[1]))) {
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(file::toHuggingFaceConfig)
                    .withMessageContaining("llama.embedding_length");
        }
    }

    /** Removed types, types of forks and unknown ones by their names; the other tensors are read all the same. */
    @ParameterizedTest
    @CsvSource({
        "4,Q4_2",
        "31,Q4_0_4_4",
        "33,Q4_0_8_8",
        "36,I2_S",
        "38,IQ4_NL_8_8",
        "41,Q1_0",
        "99,number 99",
        "-1,number 4294967295"
    })
    void namesTheTypeOfATensorThatItCannotRead(int type, String name) throws IOException {
        try (GgufFile file = open(llama().tensor(NAME, type, new long[] {1, 256}, new byte[512])
                .tensor("output.weight", new long[] {1, 1}, new float[] {3}))) {
            assertThat(file.tensor("lm_head.weight").toFloatArray()).containsExactly(3);
            List<ThrowingCallable> reads =
                    List.of(() -> file.tensor(ORIGINAL), () -> file.type(ORIGINAL), () -> file.rows(ORIGINAL));
            for (ThrowingCallable read : reads) {
                assertThatExceptionOfType(FormatException.class)
                        .isThrownBy(read)
                        .withMessageContainingAll("'" + NAME + "'", name, "Q4_K");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3,20", "12,144", "14,210", "8,34", "35,66", "20,18"})
    void blocksOfAFileAreCheckedAgainstItsSize(int type, int blockBytes) throws IOException {
        int elements = blockBytes > 60 ? 256 : 32;
        long[] shape = {2, elements};
        try (GgufFile file = open(llama().tensor(NAME, type, shape, new byte[2 * blockBytes]))) {
            assertThat(file.tensor(ORIGINAL).toFloatArray()).hasSize(2 * elements);
            assertThat(file.rows(ORIGINAL).bytes()).isEqualTo(2L * blockBytes);
        }
        assertRejected(llama().tensor(NAME, type, new long[] {64, elements}, new byte[2 * blockBytes])
                        .toByteArray())
                .withMessageContaining(64 * blockBytes + " bytes");
        assertRejected(llama().tensor(NAME, type, new long[] {1, 48}, new byte[512])
                        .toByteArray())
                .withMessageContaining("multiples of " + elements);
    }

    @Test
    void rejectsOtherArchitectures() {
        assertRejected(new GgufBytes().text("general.architecture", "mamba").toByteArray())
                .withMessageContaining("'mamba'");
        assertRejected(new GgufBytes().toByteArray());
    }

    @Test
    void rejectsOtherVersionsAndByteOrders() {
        assertRejected(llama().version(1).toByteArray()).withMessageContaining("version 1");
        assertRejected(llama().version(4).toByteArray()).withMessageContaining("version 4");
        assertRejected(llama().version(3 << 24).toByteArray()).withMessageContaining("big-endian");
        assertRejected("GGML".repeat(10).getBytes(StandardCharsets.US_ASCII)).withMessageContaining("GGUF");
    }

    @Test
    void rejectsEveryTruncation() {
        byte[] whole = parameters("llama")
                .texts("tokenizer.ggml.tokens", List.of("a", "b"))
                .toByteArray();
        for (int size = 0; size < whole.length; size++) {
            assertRejected(Arrays.copyOf(whole, size));
        }
    }

    @Test
    void rejectsWrongShapesAndOffsets() {
        byte[] four = new byte[4];
        assertRejected(llama().tensor(NAME, 0, new long[] {1, 1, 1, 1, 1}, four).toByteArray())
                .withMessageContaining("dimensions");
        assertRejected(llama().tensor(NAME, 0, new long[] {-1}, four).toByteArray());
        assertRejected(llama().tensor(NAME, 0, new long[] {1L << 40, 1L << 40}, four)
                        .toByteArray())
                .withMessageContaining("63 bits");
        assertRejected(llama().tensor(NAME, 0, new long[] {9}, four).toByteArray())
                .withMessageContaining("36 bytes");
        assertRejected(llama().tensor(NAME, 8, new long[] {31}, new byte[34]).toByteArray())
                .withMessageContaining("multiples of 32");
        assertRejected(llama().tensor(NAME, 0, new long[] {1}, 4, four).toByteArray())
                .withMessageContaining("alignment");
        assertRejected(llama().tensor(NAME, 0, new long[] {1}, -32, four).toByteArray());
        assertRejected(llama().tensor(NAME, 0, new long[] {1}, Long.MAX_VALUE / 32 * 32, four)
                .toByteArray());
        assertRejected(llama().tensor(NAME, 0, new long[] {9}, new byte[36])
                        .tensor("output.weight", 0, new long[] {1}, 32, four)
                        .toByteArray())
                .withMessageContaining("overlap");
        assertRejected(llama().tensor(NAME, 0, new long[] {1}, four)
                        .tensor(NAME, 0, new long[] {1}, four)
                        .toByteArray())
                .withMessageContaining("twice");
        assertRejected(llama().tensor("blk.0.ffn_gate_exps.weight", 0, new long[] {1}, four)
                        .toByteArray())
                .withMessageContaining("ffn_gate_exps");
    }

    @Test
    void rejectsWrongMetadata() throws IOException {
        assertRejected(llama().text("general.architecture", "llama").toByteArray())
                .withMessageContaining("twice");
        assertRejected(llama().integer("general.alignment", 0).toByteArray()).withMessageContaining("alignment");
        assertRejected(llama().integer("general.alignment", 48).toByteArray()).withMessageContaining("power of two");
        assertRejected(llama().text("general.alignment", "32").toByteArray()).withMessageContaining("integer");
        try (GgufFile file = open(llama().integer("a", -1))) {
            assertThat(file.gguf().integer("a")).hasValue(4294967295L);
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> file.gguf().text("a"));
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> file.gguf().texts("a"));
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> file.gguf().flag("a"));
            assertThat(file.gguf().number("a").getAsDouble()).isEqualTo(4294967295.0, offset(0.0));
        }
    }

    private static float[] random(int count) {
        Random random = new Random(3);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }
}
