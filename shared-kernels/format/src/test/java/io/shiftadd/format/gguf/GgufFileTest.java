package io.shiftadd.format.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.offset;

import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.TensorView;
import io.shiftadd.format.safetensors.SafetensorsBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where no family is known, tensors have GGUF's own names. */
class GgufFileTest {

    private static final String NAME = "blk.0.attn_v.weight";

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
            assertThat(file.names()).containsExactlyInAnyOrder("token_embd.weight", "output.weight", NAME);
            assertThat(file.tensor("token_embd.weight").toFloatArray()).containsExactly(values);
            assertThat(file.tensor("output.weight").toFloatArray()).containsExactly(values);
            assertThat(file.tensor("output.weight").dtype()).isEqualTo(DType.F16);
            assertThat(file.tensor("output.weight").shape()).containsExactly(1, 4);
            assertThat(file.tensor(NAME).toFloatArray()).containsExactly(1.5f, -2f, 0f, 65280f);
            assertThat(file.tensor(NAME).name()).isEqualTo(NAME);
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
            float[] q8 = file.tensor("token_embd.weight").toFloatArray();
            float[] q4 = file.tensor(NAME).toFloatArray();
            for (int i = 0; i < 64; i++) {
                float scale = 0.5f + i / 32;
                assertThat(q8[i]).isEqualTo(scale * (i % 32 * 8 - 128));
                int inBlock = i % 32;
                assertThat(q4[i]).isEqualTo(scale * ((inBlock < 16 ? inBlock : 15 - (inBlock - 16)) - 8));
            }
        }
    }

    /** Removed types, types of forks and unknown ones by their names; the other tensors are read all the same. */
    @ParameterizedTest
    @CsvSource({
        "4,Q4_2",
        "31,Q4_0_4_4",
        "33,Q4_0_8_8",
        "38,IQ4_NL_8_8",
        "41,Q1_0",
        "99,number 99",
        "-1,number 4294967295"
    })
    void namesTheTypeOfATensorThatItCannotRead(int type, String name) throws IOException {
        try (GgufFile file = open(llama().tensor(NAME, type, new long[] {1, 256}, new byte[512])
                .tensor("output.weight", new long[] {1, 1}, new float[] {3}))) {
            assertThat(file.tensor("output.weight").toFloatArray()).containsExactly(3);
            List<ThrowingCallable> reads =
                    List.of(() -> file.tensor(NAME), () -> file.type(NAME), () -> file.rows(NAME));
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
            assertThat(file.tensor(NAME).toFloatArray()).hasSize(2 * elements);
            assertThat(file.rows(NAME).bytes()).isEqualTo(2L * blockBytes);
        }
        assertRejected(llama().tensor(NAME, type, new long[] {64, elements}, new byte[2 * blockBytes])
                        .toByteArray())
                .withMessageContaining(64 * blockBytes + " bytes");
        assertRejected(llama().tensor(NAME, type, new long[] {1, 48}, new byte[512])
                        .toByteArray())
                .withMessageContaining("multiples of " + elements);
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
        byte[] whole = llama().integer("llama.embedding_length", 64)
                .number("llama.rope.freq_base", 500000f)
                .tensor("token_embd.weight", new long[] {3, 64}, new float[192])
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
