package io.shiftadd.format.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A LLaMA of random weights in one GGUF file, matrices as Q8_0, with a vocabulary of SentencePiece's kind. */
public final class TinyGguf {

    public static final int BLOCKS = 2;

    private static final int HIDDEN = 64;
    private static final int INNER = 96;
    private static final int Q8_0 = 8;
    private static final int BLOCK = 32;

    private final Random random = new Random(11);
    private final GgufBytes file = new GgufBytes();

    private TinyGguf() {}

    public static Path write(Path target) throws IOException {
        return new TinyGguf().model().write(target);
    }

    private GgufBytes model() {
        int[] parameters = {HIDDEN, INNER, BLOCKS, 128, 2, 2, HIDDEN / 2};
        String[] keys = {
            "embedding_length",
            "feed_forward_length",
            "block_count",
            "context_length",
            "attention.head_count",
            "attention.head_count_kv",
            "rope.dimension_count"
        };
        file.text("general.architecture", "llama");
        for (int i = 0; i < keys.length; i++) {
            file.integer("llama." + keys[i], parameters[i]);
        }
        file.number("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        int pieces = vocabulary();
        matrix("token_embd.weight", pieces, HIDDEN);
        matrix("output.weight", pieces, HIDDEN);
        ones("output_norm.weight");
        for (int block = 0; block < BLOCKS; block++) {
            String prefix = "blk." + block + ".";
            ones(prefix + "attn_norm.weight");
            ones(prefix + "ffn_norm.weight");
            for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
                matrix(prefix + name + ".weight", HIDDEN, HIDDEN);
            }
            matrix(prefix + "ffn_gate.weight", INNER, HIDDEN);
            matrix(prefix + "ffn_up.weight", INNER, HIDDEN);
            matrix(prefix + "ffn_down.weight", HIDDEN, INNER);
        }
        return file;
    }

    /** Specials, all bytes, letters and some words; better scores are merged first. */
    private int vocabulary() {
        List<String> pieces = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        for (int b = 0; b < 256; b++) {
            pieces.add("<0x%02X>".formatted(b));
        }
        pieces.addAll(List.of("th", "▁th", "▁the", "in", "ing", "▁a", "er", "an", "and", "▁and", "qu", "ick", "▁"));
        for (char letter = 'a'; letter <= 'z'; letter++) {
            pieces.add(Character.toString(letter));
        }
        float[] scores = new float[pieces.size()];
        for (int id = 0; id < scores.length; id++) {
            scores[id] = -id;
        }
        file.text("tokenizer.ggml.model", "llama")
                .texts("tokenizer.ggml.tokens", pieces)
                .numbers("tokenizer.ggml.scores", scores)
                .integers(
                        "tokenizer.ggml.token_type",
                        IntStream.range(0, pieces.size())
                                .map(id -> id == 0 ? 2 : id < 3 ? 3 : id < 259 ? 6 : 1)
                                .toArray());
        return pieces.size();
    }

    private void ones(String name) {
        float[] ones = new float[HIDDEN];
        Arrays.fill(ones, 1);
        file.tensor(name, new long[] {HIDDEN}, ones);
    }

    private void matrix(String name, int rows, int columns) {
        int blocks = rows * columns / BLOCK;
        ByteBuffer data = ByteBuffer.allocate(blocks * (2 + BLOCK)).order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < blocks; block++) {
            data.putShort(Float.floatToFloat16((float) (0.02 / Math.sqrt(columns))));
            for (int i = 0; i < BLOCK; i++) {
                data.put((byte) Math.clamp(Math.round(50 * random.nextGaussian()), -127, 127));
            }
        }
        file.tensor(name, Q8_0, new long[] {rows, columns}, data.array());
    }
}
