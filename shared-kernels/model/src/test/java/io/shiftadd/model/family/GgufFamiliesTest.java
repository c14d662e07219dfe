package io.shiftadd.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.gguf.GgufBytes;
import io.shiftadd.format.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GGUF files as the checkpoints that they were converted from. */
class GgufFamiliesTest {

    @TempDir
    Path directory;

    private static GgufBytes llama() {
        return new GgufBytes().text("general.architecture", "llama");
    }

    private GgufFile open(GgufBytes bytes) throws IOException {
        return GgufFile.open(bytes.write(directory.resolve("model.gguf")));
    }

    private static float[] random(int count) {
        Random random = new Random(1);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
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
    void linearScalingIsMeantByAFactorAloneAndByItsOldName() throws IOException {
        for (String key : List.of("llama.rope.scaling.factor", "llama.rope.scale_linear")) {
            try (GgufFile file = open(parameters("llama").number(key, 4f))) {
                assertThat(file.toHuggingFaceConfig())
                        .as(key)
                        .containsEntry("rope_scaling", Map.of("rope_type", "linear", "factor", 4.0));
            }
            try (GgufFile file = open(parameters("llama").number(key, 1f))) {
                assertThat(file.toHuggingFaceConfig()).as(key).doesNotContainKey("rope_scaling");
            }
        }
        GgufBytes twice = parameters("llama")
                .number("llama.rope.scaling.factor", 4f)
                .tensor("rope_freqs.weight", new long[] {2}, new float[] {1, 2});
        try (GgufFile file = open(twice)) {
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(file::toHuggingFaceConfig)
                    .withMessageContaining("twice");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "logit_scale, 0.5, 1",
        "embedding_scale, 12, 1",
        "residual_scale, 0.22, 1",
        "attention.scale, 0.1, 0",
        "attention.clamp_kqv, 8, 0",
        "attn_logit_softcapping, 50, 0",
        "final_logit_softcapping, 30, 0",
        "attention.temperature_scale, 0.1, 0",
        "rope.scaling.attn_factor, 1.2, 1",
        "pooling_type, 3, 1",
        "nextn_predict_layers, 1, 0",
    })
    void whatChangesResultsAndIsNotReadIsRefusedByNameUnlessItsValueChangesNothing(
            String key, float changes, float changesNothing) throws IOException {
        try (GgufFile file = open(parameters("llama").number("llama." + key, changes))) {
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(file::toHuggingFaceConfig)
                    .withMessageContaining("'llama." + key + "'");
        }
        try (GgufFile file = open(parameters("llama").number("llama." + key, changesNothing))) {
            assertThat(file.toHuggingFaceConfig()).containsEntry("model_type", "llama");
        }
    }

    @Test
    void aFamilyThatReadsAKeyKeepsToIt() throws IOException {
        GgufBytes granite = parameters("granite")
                .number("granite.logit_scale", 8f)
                .number("granite.attention.scale", 0.1f)
                .flag("granite.attention.causal", true);
        try (GgufFile file = open(granite)) {
            assertThat(file.toHuggingFaceConfig()).containsEntry("logits_scaling", 8.0);
        }
        try (GgufFile file = open(parameters("llama").flag("llama.attention.causal", false))) {
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(file::toHuggingFaceConfig)
                    .withMessageContaining("'llama.attention.causal' = 0");
        }
    }

    @Test
    void whatIsNoModelIsRefusedByItsType() throws IOException {
        try (GgufFile file = open(parameters("llama").text("general.type", "adapter"))) {
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(file::toHuggingFaceConfig)
                    .withMessageContaining("'adapter'");
        }
        try (GgufFile file = open(parameters("llama").text("general.type", "model"))) {
            assertThat(file.toHuggingFaceConfig()).containsEntry("model_type", "llama");
        }
    }

    @Test
    void findsTheScalingOfLlama3AndKeepsOtherDivisors() throws IOException {
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
            assertThat(file.toHuggingFaceConfig().get("rope_scaling"))
                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("rope_type", "longrope")
                    .extractingByKey("long_factor", InstanceOfAssertFactories.list(Double.class))
                    .hasSize(32)
                    .contains(3.0);
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

    @Test
    void rejectsOtherArchitecturesAndTensorsThatAnArchitectureHasNot() {
        assertRejected(new GgufBytes().text("general.architecture", "mamba"), "'mamba'");
        assertRejected(new GgufBytes(), "''");
        assertRejected(llama().tensor("blk.0.ssm_in.weight", new long[] {1}, new float[1]), "ssm_in");
    }

    private void assertRejected(GgufBytes bytes, String message) {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> open(bytes))
                .withMessageContaining(message);
    }
}
