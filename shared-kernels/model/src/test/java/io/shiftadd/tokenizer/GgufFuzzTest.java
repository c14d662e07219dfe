package io.shiftadd.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.FuzzedInput;
import io.shiftadd.Mutations;
import io.shiftadd.format.gguf.GgufBytes;
import io.shiftadd.format.gguf.GgufFile;
import io.shiftadd.model.family.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Seeded, so that a failure repeats. */
@Timeout(120)
class GgufFuzzTest {

    private static final int FILES = 30_000;
    private static final int Q8_0 = 8;

    @TempDir
    Path directory;

    private static GgufBytes withShape(String architecture) {
        return new GgufBytes()
                .text("general.architecture", architecture)
                .integer(architecture + ".embedding_length", 32)
                .integer(architecture + ".feed_forward_length", 32)
                .integer(architecture + ".block_count", 1)
                .integer(architecture + ".context_length", 16)
                .integer(architecture + ".attention.head_count", 2)
                .integer(architecture + ".attention.head_count_kv", 2)
                .number(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f)
                .number(architecture + ".rope.freq_base", 10000f);
    }

    private static byte[] llama() {
        return withShape("llama")
                .text("tokenizer.ggml.model", "llama")
                .texts("tokenizer.ggml.tokens", List.of("<unk>", "<s>", "</s>", "▁", "a", "b", "ab", "▁ab"))
                .numbers("tokenizer.ggml.scores", 0, 0, 0, -1, -2, -3, -4, -5)
                .integers("tokenizer.ggml.token_type", 2, 3, 3, 1, 1, 1, 1, 1)
                .integer("tokenizer.ggml.bos_token_id", 1)
                .integer("tokenizer.ggml.eos_token_id", 2)
                .flag("tokenizer.ggml.add_bos_token", true)
                .text("tokenizer.chat_template", "{% for m in messages %}{{ m.content }}{% endfor %}")
                .tensor("token_embd.weight", new long[] {8, 32}, new float[8 * 32])
                .tensor("blk.0.attn_q.weight", Q8_0, new long[] {32, 32}, new byte[32 * 34])
                .tensor("blk.0.attn_norm.weight", new long[] {32}, new float[32])
                .toByteArray();
    }

    private static byte[] qwen() {
        return withShape("qwen2")
                .text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", "qwen2")
                .texts("tokenizer.ggml.tokens", List.of("a", "1", "11", "Ġ", "<|im_end|>"))
                .texts("tokenizer.ggml.merges", List.of("1 1"))
                .integers("tokenizer.ggml.token_type", 1, 1, 1, 1, 3)
                .integer("tokenizer.ggml.eos_token_id", 4)
                .tensor("token_embd.weight", new long[] {5, 32}, new float[5 * 32])
                .toByteArray();
    }

    @Test
    void readsOrRefusesOtherBytes() throws IOException {
        Mutations mutations = new Mutations(21);
        byte[][] seeds = {llama(), qwen()};
        Path file = directory.resolve("model.gguf");
        int read = 0;
        for (int i = 0; i < FILES; i++) {
            byte[] input = mutations.bytes(seeds[i % 2], seeds[1 - i % 2]);
            FuzzedInput.write(file, input);
            boolean isWhole = i % 10 == 0;
            read += FuzzedInput.readOrRefuse(input, () -> readAll(file, isWhole)) ? 1 : 0;
        }
        assertThat(read).as("read, the others are refused").isBetween(FILES / 100, FILES * 9 / 10);
    }

    /**
     * @param isWhole also through the native tokenizer, which takes longer
     */
    private static void readAll(Path path, boolean isWhole) {
        try (GgufFile gguf = GgufFile.open(path)) {
            for (String name : gguf.names()) {
                gguf.tensor(name).toFloatArray();
                long[] shape = gguf.rows(name).shape();
                if (shape.length == 2 && shape[0] > 0) {
                    gguf.rows(name).copyRow(shape[0] - 1, new float[(int) shape[1]], 0);
                }
            }
            GgufVocabulary.read(gguf, GgufVocabulary.settings(gguf));
        }
        ModelConfig.read(path);
        if (isWhole) {
            try (Tokenizer tokenizer = Tokenizer.open(path)) {
                tokenizer.decode(tokenizer.encode("ab 11 é", true), false);
            }
        }
    }
}
