package io.shiftadd.quantize.job;

import io.shiftadd.format.DType;
import io.shiftadd.format.safetensors.SafetensorsWriter;
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
    private static final int HEAD = 32;
    private static final int INTERMEDIATE = 128;
    private static final int VOCABULARY = 4096;
    private static final List<String> SQUARE = List.of("q_proj", "k_proj", "v_proj", "o_proj");

    private TinyModel() {}

    static Path write(Path directory) throws IOException {
        return write(directory, BLOCKS);
    }

    static Path write(Path directory, int blocks) throws IOException {
        return write(directory, blocks, HIDDEN);
    }

    /** @param hidden a multiple of 32 */
    static Path write(Path directory, int blocks, int hidden) throws IOException {
        Files.createDirectories(directory);
        Path sample = Samples.directory("llama-mini");
        for (String file : List.of("tokenizer.json", "tokenizer_config.json", "generation_config.json")) {
            Files.copy(sample.resolve(file), directory.resolve(file));
        }
        String config = Files.readString(sample.resolve("config.json"))
                .replaceAll("\"head_dim\": \\d+", "\"head_dim\": " + HEAD)
                .replaceAll("\"hidden_size\": \\d+", "\"hidden_size\": " + hidden)
                .replaceAll("\"intermediate_size\": \\d+", "\"intermediate_size\": " + INTERMEDIATE)
                .replaceAll("\"num_attention_heads\": \\d+", "\"num_attention_heads\": " + hidden / HEAD)
                .replaceAll("\"num_key_value_heads\": \\d+", "\"num_key_value_heads\": " + hidden / HEAD)
                .replaceAll("\"num_hidden_layers\": \\d+", "\"num_hidden_layers\": " + blocks);
        Files.writeString(directory.resolve("config.json"), config);
        writeWeights(directory.resolve("model.safetensors"), blocks, hidden);
        return directory;
    }

    private static void writeWeights(Path file, int blocks, int hidden) {
        Random random = new Random(7);
        SafetensorsWriter writer = new SafetensorsWriter(Map.of("format", "pt"));
        matrix(writer, "model.embed_tokens.weight", VOCABULARY, hidden, random);
        ones(writer, "model.norm.weight", hidden);
        for (int block = 0; block < blocks; block++) {
            String prefix = "model.layers." + block + ".";
            ones(writer, prefix + "input_layernorm.weight", hidden);
            ones(writer, prefix + "post_attention_layernorm.weight", hidden);
            for (String name : SQUARE) {
                matrix(writer, prefix + "self_attn." + name + ".weight", hidden, hidden, random);
            }
            matrix(writer, prefix + "mlp.gate_proj.weight", INTERMEDIATE, hidden, random);
            matrix(writer, prefix + "mlp.up_proj.weight", INTERMEDIATE, hidden, random);
            matrix(writer, prefix + "mlp.down_proj.weight", hidden, INTERMEDIATE, random);
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

    private static void ones(SafetensorsWriter writer, String name, int hidden) {
        float[] values = new float[hidden];
        Arrays.fill(values, 1);
        writer.add(name, DType.F16, new long[] {hidden}, values);
    }
}
