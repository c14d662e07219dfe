package io.shiftadd.quantize.job;

import io.shiftadd.format.DType;
import io.shiftadd.format.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A LLaMA of random weights, with which a whole job takes a second or two: for tests of how jobs live and die. */
final class TinyModel {

    static final int BLOCKS = 6;

    private static final int HIDDEN = 64;
    private static final int INTERMEDIATE = 128;
    private static final int VOCABULARY = 4096;
    private static final List<String> SQUARE = List.of("q_proj", "k_proj", "v_proj", "o_proj");

    private TinyModel() {}

    static Path write(Path directory) throws IOException {
        return write(directory, BLOCKS);
    }

    static Path write(Path directory, int blocks) throws IOException {
        Files.createDirectories(directory);
        Path sample = Samples.directory("llama-mini");
        for (String file : List.of("tokenizer.json", "tokenizer_config.json", "generation_config.json")) {
            Files.copy(sample.resolve(file), directory.resolve(file));
        }
        String config = Files.readString(sample.resolve("config.json"))
                .replaceAll("\"head_dim\": \\d+", "\"head_dim\": 32")
                .replaceAll("\"hidden_size\": \\d+", "\"hidden_size\": " + HIDDEN)
                .replaceAll("\"intermediate_size\": \\d+", "\"intermediate_size\": " + INTERMEDIATE)
                .replaceAll("\"num_attention_heads\": \\d+", "\"num_attention_heads\": 2")
                .replaceAll("\"num_key_value_heads\": \\d+", "\"num_key_value_heads\": 2")
                .replaceAll("\"num_hidden_layers\": \\d+", "\"num_hidden_layers\": " + blocks);
        Files.writeString(directory.resolve("config.json"), config);
        writeWeights(directory.resolve("model.safetensors"), blocks);
        return directory;
    }

    private static void writeWeights(Path file, int blocks) {
        Random random = new Random(7);
        SafetensorsWriter writer = new SafetensorsWriter(Map.of("format", "pt"));
        matrix(writer, "model.embed_tokens.weight", VOCABULARY, HIDDEN, random);
        ones(writer, "model.norm.weight");
        for (int block = 0; block < blocks; block++) {
            String prefix = "model.layers." + block + ".";
            ones(writer, prefix + "input_layernorm.weight");
            ones(writer, prefix + "post_attention_layernorm.weight");
            for (String name : SQUARE) {
                matrix(writer, prefix + "self_attn." + name + ".weight", HIDDEN, HIDDEN, random);
            }
            matrix(writer, prefix + "mlp.gate_proj.weight", INTERMEDIATE, HIDDEN, random);
            matrix(writer, prefix + "mlp.up_proj.weight", INTERMEDIATE, HIDDEN, random);
            matrix(writer, prefix + "mlp.down_proj.weight", HIDDEN, INTERMEDIATE, random);
        }
        writer.write(file);
    }

    private static void matrix(SafetensorsWriter writer, String name, int rows, int columns, Random random) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(columns));
        }
        writer.add(name, DType.F16, new long[] {rows, columns}, values);
    }

    private static void ones(SafetensorsWriter writer, String name) {
        float[] values = new float[HIDDEN];
        Arrays.fill(values, 1);
        writer.add(name, DType.F16, new long[] {HIDDEN}, values);
    }
}
