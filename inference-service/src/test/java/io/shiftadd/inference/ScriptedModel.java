package io.shiftadd.inference;

import io.shiftadd.format.DType;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a model that writes what it is told: the token at position p of a text, prompt and answer together, is
 * {@code script[p mod length]}, whatever stands before. With a text's own ids as the script, any beginning of it is
 * continued to its end.
 *
 * <p>An OPT of one block that adds nothing: the embedding of position p is the p-th unit vector, tokens have none, and
 * row t of the head has a one for each position after which t comes.
 */
public final class ScriptedModel {

    public static final int CONTEXT = 256;

    private static final int INNER = 16;

    private final ObjectNode tokenizer;
    private final Map<String, String> files = new HashMap<>();
    private final List<Consumer<Map<String, float[]>>> edits = new ArrayList<>();
    private int rows;
    private DType type = DType.F16;

    private ScriptedModel(ObjectNode tokenizer) {
        this.tokenizer = tokenizer;
        this.rows = tokenizer.at("/model/vocab").size();
    }

    /** With the tokenizer of a sample model. */
    public static ScriptedModel like(String sample) {
        return new ScriptedModel((ObjectNode)
                JsonMapper.shared().readTree(read(Samples.model(sample).resolve("tokenizer.json"))));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the tokenizer one more token; the next id is its. */
    public ScriptedModel token(String content, boolean special) {
        ArrayNode added = (ArrayNode) tokenizer.path("added_tokens");
        added.addObject()
                .put("id", rows++)
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", special);
        return this;
    }

    /** Takes a character from the vocabulary, so that only its bytes spell it, as LLaMA's spells the new line. */
    public ScriptedModel without(String character) {
        ObjectNode model = (ObjectNode) tokenizer.path("model");
        ObjectNode vocabulary = (ObjectNode) model.path("vocab");
        for (String token : new ArrayList<>(vocabulary.propertyNames())) {
            if (token.contains(character)) {
                vocabulary.put(
                        "unused" + vocabulary.path(token).intValue(),
                        vocabulary.path(token).intValue());
                vocabulary.remove(token);
            }
        }
        ArrayNode merges = (ArrayNode) model.path("merges");
        for (int i = merges.size() - 1; i >= 0; i--) {
            String both = merges.get(i).isString()
                    ? merges.get(i).stringValue()
                    : merges.get(i).get(0).stringValue() + merges.get(i).get(1).stringValue();
            if (both.contains(character)) {
                merges.remove(i);
            }
        }
        return this;
    }

    public ScriptedModel tokenizer(Consumer<ObjectNode> edit) {
        edit.accept(tokenizer);
        return this;
    }

    /** One more file of the directory, or another one in the place of tokenizer_config.json. */
    public ScriptedModel file(String name, String content) {
        files.put(name, content);
        return this;
    }

    /** Rows of the embedding and the head, where these are not as many as there are tokens. */
    public ScriptedModel rows(int count) {
        rows = count;
        return this;
    }

    /** Weights of 32 bits, which may be too large to compute with. */
    public ScriptedModel float32() {
        type = DType.F32;
        return this;
    }

    /** Writes a value into a tensor, such as one that is no number. */
    public ScriptedModel value(String tensor, int index, float value) {
        edits.add(tensors -> tensors.get(tensor)[index] = value);
        return this;
    }

    /**
     * Writes the model's directory.
     *
     * @param script ids below the number of rows
     */
    public Path write(Path directory, int... script) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("tokenizer.json"), tokenizer.toString());
            Files.writeString(directory.resolve("tokenizer_config.json"), "{}");
            Files.writeString(directory.resolve("config.json"), config());
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(directory.resolve(file.getKey()), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, long[]> shapes = shapes();
        Map<String, float[]> tensors = new HashMap<>();
        shapes.forEach((name, shape) ->
                tensors.put(name, new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)]));
        fill(tensors, script);
        edits.forEach(edit -> edit.accept(tensors));
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        shapes.forEach((name, shape) -> writer.add(name, type, shape, tensors.get(name)));
        writer.write(directory.resolve("model.safetensors"));
        return directory;
    }

    private void fill(Map<String, float[]> tensors, int[] script) {
        tensors.forEach((name, values) -> {
            if (name.endsWith("norm.weight")) {
                Arrays.fill(values, 1);
            }
        });
        float[] positions = tensors.get("model.decoder.embed_positions.weight");
        float[] head = tensors.get("lm_head.weight");
        for (int p = 0; p < CONTEXT; p++) {
            positions[(p + 2) * CONTEXT + p] = 1;
            head[script[(p + 1) % script.length] * CONTEXT + p] = 1;
        }
    }

    private Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new HashMap<>();
        shapes.put("lm_head.weight", new long[] {rows, CONTEXT});
        shapes.put("model.decoder.embed_tokens.weight", new long[] {rows, CONTEXT});
        shapes.put("model.decoder.embed_positions.weight", new long[] {CONTEXT + 2, CONTEXT});
        String block = "model.decoder.layers.0.";
        for (String norm :
                List.of("model.decoder.final_layer_norm", block + "final_layer_norm", block + "self_attn_layer_norm")) {
            shapes.put(norm + ".weight", new long[] {CONTEXT});
            shapes.put(norm + ".bias", new long[] {CONTEXT});
        }
        for (String projection : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
            shapes.put(block + "self_attn." + projection + ".weight", new long[] {CONTEXT, CONTEXT});
            shapes.put(block + "self_attn." + projection + ".bias", new long[] {CONTEXT});
        }
        shapes.put(block + "fc1.weight", new long[] {INNER, CONTEXT});
        shapes.put(block + "fc1.bias", new long[] {INNER});
        shapes.put(block + "fc2.weight", new long[] {CONTEXT, INNER});
        shapes.put(block + "fc2.bias", new long[] {CONTEXT});
        return shapes;
    }

    private String config() {
        return """
                {"architectures": ["OPTForCausalLM"], "model_type": "opt", "activation_function": "relu",
                 "do_layer_norm_before": true, "dtype": "float16", "enable_bias": true,
                 "layer_norm_elementwise_affine": true, "_remove_final_layer_norm": false, "ffn_dim": %d,
                 "hidden_size": %d, "word_embed_proj_dim": %d, "max_position_embeddings": %d, "num_attention_heads": 4,
                 "num_hidden_layers": 1, "vocab_size": %d, "tie_word_embeddings": false, "bos_token_id": 1,
                 "eos_token_id": 2}""".formatted(INNER, CONTEXT, CONTEXT, CONTEXT, rows);
    }

    /** The tokens that spell bytes in a vocabulary that has one for each. */
    public static int[] bytes(Tokenizer tokenizer, byte... bytes) {
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = tokenizer.id("<0x%02X>".formatted(bytes[i])).orElseThrow();
        }
        return ids;
    }
}
