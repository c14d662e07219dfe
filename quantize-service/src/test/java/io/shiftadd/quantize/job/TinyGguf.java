package io.shiftadd.quantize.job;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A LLaMA of random weights in one GGUF file, matrices as Q8_0, with a vocabulary of SentencePiece's kind. */
final class TinyGguf {

    static final int BLOCKS = 2;

    private static final int HIDDEN = 64;
    private static final int INNER = 96;
    private static final int ALIGNMENT = 32;
    private static final int TEXT = 8;
    private static final int LIST = 9;
    private static final int F32 = 0;
    private static final int Q8_0 = 8;
    private static final int BLOCK = 32;

    private final Random random = new Random(11);
    private final Bytes values = new Bytes();
    private final Bytes tensors = new Bytes();
    private final Bytes data = new Bytes();
    private int valueCount;
    private int tensorCount;

    private TinyGguf() {}

    static Path write(Path file) throws IOException {
        return Files.write(file, new TinyGguf().model());
    }

    private byte[] model() {
        List<String> pieces = vocabulary();
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
        key("general.architecture", TEXT).text("llama");
        for (int i = 0; i < keys.length; i++) {
            key("llama." + keys[i], 4).int32(parameters[i]);
        }
        key("llama.attention.layer_norm_rms_epsilon", 6).int32(Float.floatToRawIntBits(1e-5f));
        tensor("token_embd.weight", pieces.size(), HIDDEN);
        tensor("output.weight", pieces.size(), HIDDEN);
        ones("output_norm.weight");
        for (int block = 0; block < BLOCKS; block++) {
            String prefix = "blk." + block + ".";
            ones(prefix + "attn_norm.weight");
            ones(prefix + "ffn_norm.weight");
            for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
                tensor(prefix + name + ".weight", HIDDEN, HIDDEN);
            }
            tensor(prefix + "ffn_gate.weight", INNER, HIDDEN);
            tensor(prefix + "ffn_up.weight", INNER, HIDDEN);
            tensor(prefix + "ffn_down.weight", HIDDEN, INNER);
        }
        Bytes file = new Bytes();
        file.text4("GGUF").int32(3).int64(tensorCount).int64(valueCount);
        file.writeBytes(values.toByteArray());
        file.writeBytes(tensors.toByteArray());
        file.pad();
        file.writeBytes(data.toByteArray());
        return file.toByteArray();
    }

    /** Specials, all bytes, letters and some words; better scores are merged first. */
    private List<String> vocabulary() {
        List<String> pieces = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        for (int b = 0; b < 256; b++) {
            pieces.add("<0x%02X>".formatted(b));
        }
        List<String> words = List.of("th", "▁th", "▁the", "in", "ing", "▁a", "er", "an", "and", "▁and", "qu", "ick");
        pieces.addAll(words);
        pieces.add("▁");
        for (char letter = 'a'; letter <= 'z'; letter++) {
            pieces.add(Character.toString(letter));
        }
        key("tokenizer.ggml.model", TEXT).text("llama");
        Bytes list = key("tokenizer.ggml.tokens", LIST).int32(TEXT).int64(pieces.size());
        pieces.forEach(list::text);
        Bytes scores = key("tokenizer.ggml.scores", LIST).int32(6).int64(pieces.size());
        for (int id = 0; id < pieces.size(); id++) {
            scores.int32(Float.floatToRawIntBits(-id));
        }
        Bytes types = key("tokenizer.ggml.token_type", LIST).int32(5).int64(pieces.size());
        for (int id = 0; id < pieces.size(); id++) {
            types.int32(id == 0 ? 2 : id < 3 ? 3 : id < 259 ? 6 : 1);
        }
        return pieces;
    }

    private Bytes key(String key, int type) {
        valueCount++;
        return values.text(key).int32(type);
    }

    private void ones(String name) {
        head(name, F32, HIDDEN);
        for (int i = 0; i < HIDDEN; i++) {
            data.int32(Float.floatToRawIntBits(1));
        }
        data.pad();
    }

    private void tensor(String name, int rows, int columns) {
        head(name, Q8_0, rows, columns);
        for (int block = 0; block < rows * columns / BLOCK; block++) {
            data.int16(Float.floatToFloat16((float) (0.02 / Math.sqrt(columns))));
            for (int i = 0; i < BLOCK; i++) {
                data.write((int) Math.clamp(Math.round(50 * random.nextGaussian()), -127, 127));
            }
        }
        data.pad();
    }

    private void head(String name, int type, int... shape) {
        tensorCount++;
        tensors.text(name).int32(shape.length);
        for (int i = shape.length - 1; i >= 0; i--) {
            tensors.int64(shape[i]);
        }
        tensors.int32(type).int64(data.size());
    }

    private static final class Bytes extends ByteArrayOutputStream {

        Bytes int16(short value) {
            writeBytes(little(2).putShort(value).array());
            return this;
        }

        Bytes int32(int value) {
            writeBytes(little(4).putInt(value).array());
            return this;
        }

        Bytes int64(long value) {
            writeBytes(little(8).putLong(value).array());
            return this;
        }

        Bytes text4(String magic) {
            writeBytes(magic.getBytes(StandardCharsets.US_ASCII));
            return this;
        }

        Bytes text(String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            int64(bytes.length).writeBytes(bytes);
            return this;
        }

        void pad() {
            while (size() % ALIGNMENT != 0) {
                write(0);
            }
        }

        private static ByteBuffer little(int size) {
            return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
