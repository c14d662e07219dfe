package io.shiftadd.model.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.Layouts;
import io.shiftadd.model.cache.TokenBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Whatever is in a config.json: it is read, or refused with the typed exception. Seeded, so that a failure repeats. */
class ModelConfigFuzzTest {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final List<String> LAYOUTS = Layouts.names();

    private static final List<String> VALUES = List.of(
            "0",
            "1",
            "-1",
            "2",
            "3",
            "7",
            "8",
            "31",
            "64",
            "2147483647",
            "2147483648",
            "-9223372036854775808",
            "1e308",
            "1e-320",
            "1e999",
            "0.5",
            "1.0",
            "NaN",
            "Infinity",
            "-Infinity",
            "true",
            "false",
            "null",
            "\"\"",
            "\"4\"",
            "\"llama\"",
            "\"linear\"",
            "\"yarn\"",
            "\"dynamic\"",
            "\"llama3\"",
            "[]",
            "[1]",
            "{}",
            "[\"full_attention\"]",
            "{\"rope_type\": \"dynamic\", \"factor\": 1e30}",
            "{\"rope_type\": \"yarn\", \"factor\": 4, \"rope_theta\": 1, \"beta_fast\": 1e-30}",
            "{\"rope_type\": \"llama3\", \"factor\": 1e-30, \"low_freq_factor\": 1, \"high_freq_factor\": 1e30}",
            "{\"type\": \"linear\", \"factor\": 1e-38}");

    private static final List<String> MORE_KEYS = List.of(
            "hidden_size",
            "num_attention_heads",
            "num_key_value_heads",
            "head_dim",
            "rope_scaling",
            "rope_parameters",
            "rope_theta",
            "layer_types",
            "sliding_window",
            "original_max_position_embeddings",
            "torch_dtype",
            "n_embed",
            "num_hidden_layers",
            "word_embed_proj_dim",
            "tie_word_embeddings",
            "partial_rotary_factor");

    /** Up to four keys removed or set to values that they should rarely have. */
    private static byte[] withOtherValues(byte[] json, Random random) {
        ObjectNode object = (ObjectNode) MAPPER.readTree(json);
        List<String> keys = new ArrayList<>(object.propertyNames());
        keys.addAll(MORE_KEYS);
        StringBuilder changed = new StringBuilder();
        for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
            String key = keys.get(random.nextInt(keys.size()));
            object.remove(key);
            int value = random.nextInt(VALUES.size() + 1);
            if (value < VALUES.size() && changed.indexOf('"' + key + '"') < 0) {
                changed.append('"' + key + "\": ").append(VALUES.get(value)).append(", ");
            }
        }
        String rest = MAPPER.writeValueAsString((JsonNode) object);
        return ("{" + changed + rest.substring(1)).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] withOtherBytes(byte[] json, Random random) {
        byte[] bytes = json.clone();
        for (int edits = 1 + random.nextInt(6); edits > 0; edits--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static String randomLayout(Random random) {
        return LAYOUTS.get(random.nextInt(LAYOUTS.size()));
    }

    @Test
    void readsOrRefusesOtherValues() {
        Random random = new Random(1);
        for (int i = 0; i < 40_000; i++) {
            readOrRefuse(withOtherValues(Layouts.config(randomLayout(random)), random));
        }
    }

    @Test
    void readsOrRefusesOtherBytes() {
        Random random = new Random(2);
        for (int i = 0; i < 40_000; i++) {
            readOrRefuse(withOtherBytes(Layouts.config(randomLayout(random)), random));
        }
    }

    private static void readOrRefuse(byte[] json) {
        try {
            ModelConfig.parse(json, "config.json");
        } catch (FormatException e) {
            assertThat(e.where()).isEqualTo("config.json");
        } catch (RuntimeException | Error e) {
            throw new AssertionError(new String(json, StandardCharsets.UTF_8), e);
        }
    }

    /** A config that is accepted together with the weights can be run. */
    @Test
    void runsWhatItAccepts() {
        Random random = new Random(3);
        try (KernelContext context = KernelContext.create(1)) {
            for (int i = 0; i < 2_000; i++) {
                String layout = randomLayout(random);
                runOrRefuse(layout, withOtherValues(Layouts.config(layout), random), context);
            }
        }
    }

    private static void runOrRefuse(String layout, byte[] json, KernelContext context) {
        try (Checkpoint checkpoint = Checkpoint.open(Layouts.directory(layout))) {
            CausalLanguageModel model = CausalLanguageModel.of(ModelConfig.parse(json, "config.json"), checkpoint);
            ModelConfig config = model.config();
            int[] ids = {config.vocabularySize() - 1, 0};
            float[] hidden = new float[ids.length * config.hiddenSize()];
            model.forward(TokenBatch.of(model.newCache(ids.length), ids), hidden, context);
            model.logits(hidden, ids.length, new float[ids.length * config.vocabularySize()], context);
        } catch (FormatException e) {
            assertThat(e.remedy()).isNotBlank();
        } catch (RuntimeException | Error e) {
            throw new AssertionError(layout + ": " + new String(json, StandardCharsets.UTF_8), e);
        }
    }
}
