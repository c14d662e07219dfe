package io.shiftadd.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.format.FormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelConfigTest {

    private static ModelConfig parse(String json) {
        return ModelConfig.parse(json.getBytes(StandardCharsets.UTF_8), "config.json");
    }

    private static String llama(String more) {
        return "{\"model_type\": \"llama\", \"architectures\": [\"LlamaForCausalLM\"]" + more + "}";
    }

    @Test
    void readsRopeParametersThatAreNestedByLayerTypeWhereAllAreAlike() {
        String rope = "{\"rope_theta\": 500000.0, \"rope_type\": \"default\"}";
        ModelConfig config = parse(llama(
                ", \"rope_parameters\": {\"full_attention\": " + rope + ", \"sliding_attention\": " + rope + "}"));
        assertThat(((Positions.Rotary) config.positions()).blocks())
                .allSatisfy(
                        rotation -> assertThat(rotation.orElseThrow().theta()).isEqualTo(500_000));
        assertThatThrownBy(() -> parse(llama(", \"rope_parameters\": {\"full_attention\": " + rope
                        + ", \"sliding_attention\": {\"rope_theta\": 10000.0}}")))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("rope_parameters.sliding_attention");
        assertThatThrownBy(() ->
                        parse(llama(", \"rope_parameters\": {\"rope_theta\": 1.0, \"full_attention\": " + rope + "}")))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("rope_parameters.full_attention");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "logit_scale | 0.0625 | 1.0",
                "residual_multiplier | 0.22 | 1",
                "clip_qkv | 8.0 | null",
                "no_rope_layers | [1,1,0] | []",
                "num_local_experts | 8 | 0",
                "use_qk_norm | true | false",
                "final_logit_softcapping | 30.0 | null"
            })
    void refusesKeysByNameThatChangeResultsUnlessTheirValueChangesNothing(String key, String value, String neutral) {
        assertThatThrownBy(() -> parse(llama(", \"" + key + "\": " + value)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(key)
                .hasMessageContaining("not supported");
        assertThat(parse(llama(", \"" + key + "\": " + neutral))).isEqualTo(parse(llama("")));
    }

    @Test
    void whatAFamilyImplementsIsNotRefused() {
        assertThat(parse("{\"model_type\": \"gemma2\", \"final_logit_softcapping\": 20.0}")
                        .logitSoftCap())
                .isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'eos_token_id': '2'", "'eos_token_id': 2.5", "'eos_token_id': true", "'eos_token_id': [2, '3']",
                "'suppress_tokens': [1, 2]", "'num_beams': 4", "'bad_words_ids': [[5]]", "'no_repeat_ngram_size': 3"
            })
    void refusesGenerationConfigsThatCannotBeKept(String member, @TempDir Path directory) throws Exception {
        String key = member.substring(1, member.indexOf('\'', 1));
        Files.writeString(directory.resolve("config.json"), llama(""));
        Files.writeString(directory.resolve("generation_config.json"), ("{" + member + "}").replace('\'', '"'));
        assertThatThrownBy(() -> ModelConfig.read(directory))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("generation_config.json")
                .hasMessageContaining(key);
        Files.writeString(
                directory.resolve("generation_config.json"),
                "{\"eos_token_id\": [2, 3], \"temperature\": 0.7, \"repetition_penalty\": 1.1, \"num_beams\": 1}");
        assertThat(ModelConfig.read(directory)).isEqualTo(parse(llama("")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model_type | {\"model_type\": \"mamba\"}",
                "model_type | {}",
                "architectures | {\"model_type\": \"llama\", \"architectures\": [\"MixtralForCausalLM\"]}",
                "architectures | {\"model_type\": \"llama\", \"architectures\": [\"OPTForCausalLM\"]}",
                "torch_dtype | {\"model_type\": \"opt\", \"torch_dtype\": \"int8\"}",
                "dtype | {\"model_type\": \"opt\", \"torch_dtype\": \"float16\", \"dtype\": \"bfloat16\"}",
                "hidden_size | {\"model_type\": \"llama\", \"hidden_size\": 0}",
                "hidden_size | {\"model_type\": \"llama\", \"hidden_size\": -4096}",
                "hidden_size | {\"model_type\": \"llama\", \"hidden_size\": 99999999999999}",
                "hidden_size | {\"model_type\": \"llama\", \"hidden_size\": \"4096\"}",
                "hidden_size | {\"model_type\": \"llama\", \"hidden_size\": 100, \"num_attention_heads\": 3}",
                "hidden_size | {\"model_type\": \"opt\", \"hidden_size\": 100}",
                "n_embed | {\"model_type\": \"bloom\", \"n_embed\": 100, \"n_head\": 3}",
                "num_key_value_heads | {\"model_type\": \"mistral\", \"num_key_value_heads\": 5}",
                "num_hidden_layers | {\"model_type\": \"gemma\", \"num_hidden_layers\": 1000000}",
                "vocab_size | {\"model_type\": \"gemma2\", \"vocab_size\": null}",
                "head_dim | {\"model_type\": \"qwen2\", \"head_dim\": 7}",
                "intermediate_size | {\"model_type\": \"llama\", \"intermediate_size\": 1.5}",
                "rms_norm_eps | {\"model_type\": \"llama\", \"rms_norm_eps\": NaN}",
                "rms_norm_eps | {\"model_type\": \"llama\", \"rms_norm_eps\": 0}",
                "layer_norm_epsilon | {\"model_type\": \"bloom\", \"layer_norm_epsilon\": -1e-5}",
                "rope_theta | {\"model_type\": \"llama\", \"rope_theta\": -10000.0}",
                "rope_theta | {\"model_type\": \"llama\", \"rope_theta\": Infinity}",
                "rope_theta | {\"model_type\": \"llama\", \"rope_theta\": 1, \"rope_parameters\": {\"rope_theta\": 2}}",
                "rope_scaling.factor | {\"model_type\": \"llama\", \"rope_scaling\": {\"type\": \"linear\"}}",
                "rope_scaling.rope_type | {\"model_type\": \"llama\", \"rope_scaling\": {\"rope_type\": \"mrope\"}}",
                "rope_scaling.short_factor | {\"model_type\": \"llama\", \"rope_scaling\": {\"rope_type\": \"longrope\"}}",
                "rope_scaling | {\"model_type\": \"phi3\", \"rope_scaling\": {\"type\": \"longrope\", \"short_factor\": [1], \"long_factor\": [2]}}",
                "partial_rotary_factor | {\"model_type\": \"phi3\", \"partial_rotary_factor\": 1.5}",
                "rotary_pct | {\"model_type\": \"gpt_neox\", \"rotary_pct\": 0.01}",
                "no_rope_layers | {\"model_type\": \"smollm3\", \"no_rope_layers\": [1]}",
                "scale_attn_by_inverse_layer_idx | {\"model_type\": \"gpt2\", \"scale_attn_by_inverse_layer_idx\": true}",
                "hidden_size | {\"model_type\": \"gemma3\", \"text_config\": {\"hidden_size\": 0}}",
                "rope_scaling.type | {\"model_type\": \"llama\", \"rope_scaling\": {\"rope_type\": \"linear\", \"type\": \"dynamic\"}}",
                "high_freq_factor | {\"model_type\": \"llama\", \"rope_parameters\": {\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 4, \"high_freq_factor\": 1}}",
                "partial_rotary_factor | {\"model_type\": \"llama\", \"partial_rotary_factor\": 0.5}",
                "hidden_act | {\"model_type\": \"llama\", \"hidden_act\": \"xielu\"}",
                "sliding_window | {\"model_type\": \"mistral\", \"sliding_window\": 0}",
                "layer_types | {\"model_type\": \"gemma2\", \"layer_types\": [\"full_attention\"]}",
                "layer_types | {\"model_type\": \"gemma2\", \"num_hidden_layers\": 1, \"layer_types\": [\"linear\"]}",
                "n_head | {\"model_type\": \"bloom\", \"n_head\": 8, \"num_attention_heads\": 4}",
                "tie_word_embeddings | {\"model_type\": \"llama\", \"tie_word_embeddings\": 1}",
                "eos_token_id | {\"model_type\": \"llama\", \"eos_token_id\": [1, \"2\"]}",
                "use_bidirectional_attention | {\"model_type\": \"gemma\", \"use_bidirectional_attention\": true}",
            })
    void namesTheKeyOfAWrongValue(String key, String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOfSatisfying(FormatException.class, e -> {
            assertThat(e.what()).contains(key);
            assertThat(e.where()).isEqualTo("config.json");
            assertThat(e.limit()).isNotBlank();
            assertThat(e.remedy()).isNotBlank();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[]", "{", "null", "{} {}", "nonsense"})
    void refusesWhatIsNoJsonObject(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(FormatException.class);
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        byte[] json = llama("").getBytes(StandardCharsets.UTF_8);
        json[3] = (byte) 0xC0;
        assertThatThrownBy(() -> ModelConfig.parse(json, "here")).isInstanceOf(FormatException.class);
    }

    @Test
    void saysThatTheFileIsMissing(@TempDir Path directory) {
        assertThatThrownBy(() -> ModelConfig.read(directory))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining("does not exist");
    }

    @Test
    void fillsInTheDefaultsOfTheReference() {
        ModelConfig llama = parse(llama(""));
        assertThat(llama.hiddenSize()).isEqualTo(4096);
        assertThat(llama.kvHeads()).isEqualTo(32);
        assertThat(llama.headDim()).isEqualTo(128);
        assertThat(llama.norm().epsilon()).isEqualTo(1e-6f);
        assertThat(llama.tiedEmbeddings()).isFalse();
        assertThat(llama.positions())
                .isEqualTo(Positions.Rotary.everywhere(
                        128, 32, new Positions.Rotation(10_000, new Positions.RopeScaling.None())));
        assertThat(parse("{\"model_type\": \"mistral\"}").window(0)).isEqualTo(4096);
        assertThat(parse("{\"model_type\": \"mistral\"}").kvHeads()).isEqualTo(8);
        ModelConfig gemma2 = parse("{\"model_type\": \"gemma2\"}");
        assertThat(gemma2.logitSoftCap()).isEqualTo(30);
        assertThat(gemma2.attention().softCap()).isEqualTo(50);
        assertThat(gemma2.attention().scale()).isEqualTo(0.0625f);
        assertThat(gemma2.window(0)).isEqualTo(4096);
        assertThat(gemma2.window(1)).isEqualTo(Integer.MAX_VALUE);
        assertThat(parse("{\"architectures\": [\"OPTForCausalLM\"]}").family()).isEqualTo(Family.OPT);
    }

    @Test
    void tellsNullFromAbsent() {
        assertThat(parse("{\"model_type\": \"mistral\", \"sliding_window\": null}")
                        .window(0))
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(parse("{\"model_type\": \"mistral\", \"num_key_value_heads\": null}")
                        .kvHeads())
                .isEqualTo(32);
        assertThat(parse("{\"model_type\": \"gemma2\", \"attn_logit_softcapping\": null}")
                        .attention()
                        .softCap())
                .isZero();
    }

    @Test
    void readsBothGenerationsOfRopeKeysAlike() {
        Map<String, String> spellings = Map.of(
                ", \"rope_theta\": 5e5, \"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 2}", "old",
                ", \"rope_theta\": 5e5, \"rope_scaling\": {\"rope_type\": \"dynamic\", \"factor\": 2.0}", "newer",
                ", \"rope_parameters\": {\"rope_type\": \"dynamic\", \"factor\": 2, \"rope_theta\": 5e5}", "new");
        spellings.forEach((keys, name) -> assertThat(parse(llama(keys)).positions())
                .as(name)
                .isEqualTo(Positions.Rotary.everywhere(
                        128, 32, new Positions.Rotation(5e5, new Positions.RopeScaling.DynamicNtk(2)))));
    }

    @Test
    void limitsSlidingWindowsToTheBlocksThatHaveThem() {
        ModelConfig qwen2 = parse("{\"model_type\": \"qwen2\", \"use_sliding_window\": true, \"max_window_layers\": 3,"
                + " \"num_hidden_layers\": 5, \"sliding_window\": 7}");
        assertThat(qwen2.attention().windows()).containsExactly(0, 0, 0, 7, 7);
        assertThat(parse("{\"model_type\": \"qwen2\", \"sliding_window\": 7}")
                        .attention()
                        .windows())
                .containsOnly(0);
    }
}
