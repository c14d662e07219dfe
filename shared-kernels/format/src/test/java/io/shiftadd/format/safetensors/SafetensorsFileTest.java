package io.shiftadd.format.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shiftadd.format.FormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {

    @TempDir
    Path directory;

    private FormatException rejected(byte[] bytes) {
        Path file = SafetensorsBytes.write(directory, "model.safetensors", bytes);
        FormatException e = catchThrowableOfType(FormatException.class, () -> SafetensorsFile.open(file));
        assertThat(e).as("rejected").isNotNull();
        assertThat(e.what()).isNotBlank();
        assertThat(e.where()).contains("model.safetensors");
        assertThat(e.limit()).isNotBlank();
        assertThat(e.remedy()).isNotBlank();
        return e;
    }

    private static String tensor(String name, String dtype, String shape, long begin, long end) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                .formatted(name, dtype, shape, begin, end);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void rejectsFewerThanEightBytes(int size) {
        assertThat(rejected(new byte[size]).what()).contains(size + " bytes");
    }

    @Test
    void rejectsHeaderLongerThanTheLimit() {
        FormatException e = rejected(SafetensorsBytes.of(100_000_001, new byte[10], 0));
        assertThat(e.what()).contains("100000001");
        assertThat(e.limit()).contains("100000000");
    }

    @Test
    void rejectsHeaderLengthWithTheHighestBitSet() {
        assertThat(rejected(SafetensorsBytes.of(-1, new byte[10], 0)).what()).contains("18446744073709551615");
    }

    @Test
    void rejectsHeaderBeyondTheFile() {
        assertThat(rejected(SafetensorsBytes.of(11, new byte[10], 0)).limit()).contains("ends at 18");
    }

    @Test
    void rejectsHeaderThatIsNotUtf8() {
        byte[] header = ("{" + tensor("a?", "U8", "[1]", 0, 1) + "}").getBytes(StandardCharsets.ISO_8859_1);
        for (byte[] wrong : new byte[][] {{(byte) 0xe9, 'x'}, {(byte) 0xc0, (byte) 0x80}}) {
            byte[] bytes = header.clone();
            bytes[2] = wrong[0];
            bytes[3] = wrong[1];
            assertThat(rejected(SafetensorsBytes.of(bytes.length, bytes, 1)).what())
                    .contains("not UTF-8");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " {}",
                "[]",
                "nul",
                "{",
                "{}x",
                "{} {}",
                "{\"a\":1}",
                "{\"a\":{}}",
                "{'a':{}}",
                "{\"__metadata__\":[]}"
            })
    void rejectsHeaderThatIsNoObjectOfTensors(String header) {
        rejected(SafetensorsBytes.of(header, 0));
    }

    @Test
    void rejectsDuplicateKeys() {
        String tensor = tensor("a", "U8", "[0]", 0, 0);
        assertThat(rejected(SafetensorsBytes.of("{" + tensor + "," + tensor + "}", 0))
                        .what())
                .contains("twice in one object");
        String twoTypes = "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[0,0]}}";
        assertThat(rejected(SafetensorsBytes.of(twoTypes, 0)).what()).contains("twice in one object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "null", "{\"a\":1}", "{\"a\":null}", "{\"a\":{}}", "\"a\""})
    void rejectsMetadataThatIsNotOfStrings(String metadata) {
        assertThat(rejected(SafetensorsBytes.of("{\"__metadata__\":" + metadata + "}", 0))
                        .what())
                .contains("__metadata__");
    }

    @ParameterizedTest
    @ValueSource(strings = {"F31", "f32", "FLOAT", ""})
    void rejectsUnknownType(String type) {
        FormatException e = rejected(SafetensorsBytes.of("{" + tensor("a", type, "[1]", 0, 4) + "}", 4));
        assertThat(e.what()).contains("'" + type + "'");
        assertThat(e.limit()).contains("BF16");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[-1]", "[1.0]", "[\"1\"]", "[null]", "1", "{}", "[[1]]", "[18446744073709551616]", "[1e0]"})
    void rejectsShapeThatIsNotOfNonNegativeIntegers(String shape) {
        assertThat(rejected(SafetensorsBytes.of("{" + tensor("a", "U8", shape, 0, 1) + "}", 1))
                        .what())
                .contains("wrong shape");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[4294967296,4294967296]",
                "[9223372036854775807,3]",
                "[2305843009213693952]",
                "[3037000500,3037000500,2]"
            })
    void rejectsShapeWhoseProductOverflows(String shape) {
        assertThat(rejected(SafetensorsBytes.of("{" + tensor("a", "F32", shape, 0, 0) + "}", 0))
                        .limit())
                .contains("63 bits");
    }

    @ParameterizedTest
    @CsvSource({"0,3", "0,5", "4,0"})
    void rejectsSizeThatIsNotEndMinusBegin(long begin, long end) {
        rejected(SafetensorsBytes.of("{" + tensor("a", "F32", "[1]", begin, end) + "}", 8));
    }

    @Test
    void rejectsFirstTensorNotAtZero() {
        FormatException e = rejected(SafetensorsBytes.of("{" + tensor("a", "U8", "[1]", 1, 2) + "}", 2));
        assertThat(e.what()).contains("'a' begins at byte 1");
        assertThat(e.limit()).contains("begins at 0");
    }

    @Test
    void rejectsHoles() {
        String header = "{" + tensor("a", "U8", "[1]", 0, 1) + "," + tensor("b", "U8", "[1]", 2, 3) + "}";
        assertThat(rejected(SafetensorsBytes.of(header, 3)).limit()).contains("holes");
    }

    @Test
    void rejectsOverlappingOffsets() {
        String header = "{" + tensor("a", "U8", "[2]", 0, 2) + "," + tensor("b", "U8", "[2]", 1, 3) + "}";
        assertThat(rejected(SafetensorsBytes.of(header, 3)).limit()).contains("overlap");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5})
    void rejectsDataThatIsNotAsLongAsTheTensors(int size) {
        rejected(SafetensorsBytes.of("{" + tensor("a", "F32", "[1]", 0, 4) + "}", size));
    }

    @Test
    void rejectsDeepNesting() {
        String header = "{\"a\":{\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}}";
        assertThat(rejected(SafetensorsBytes.of(header, 0)).limit()).contains("levels deep");
    }

    @Test
    void acceptsZeroDimensionsScalarsAndTrailingSpaces() {
        String header = "{" + tensor("empty", "F32", "[3,0]", 0, 0) + "," + tensor("scalar", "F32", "[]", 0, 4)
                + ",\"__metadata__\":{\"format\":\"pt\"}}   ";
        Path file = SafetensorsBytes.write(directory, "legal.safetensors", SafetensorsBytes.of(header, 4));
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertThat(opened.names()).containsExactlyInAnyOrder("empty", "scalar");
            assertThat(opened.tensor("empty").toFloatArray()).isEmpty();
            assertThat(opened.tensor("scalar").toFloatArray()).containsExactly(0f);
            assertThat(opened.metadata()).containsEntry("format", "pt");
        }
    }

    @Test
    void acceptsAFileOfNoTensors() {
        Path file = SafetensorsBytes.write(directory, "none.safetensors", SafetensorsBytes.of("{}", 0));
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertThat(opened.names()).isEmpty();
        }
    }

    @Test
    void namesAMissingTensor() {
        Path file = SafetensorsBytes.write(directory, "none.safetensors", SafetensorsBytes.of("{}", 0));
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertThat(catchThrowableOfType(FormatException.class, () -> opened.tensor("lm_head.weight")))
                    .hasMessageContaining("lm_head.weight");
        }
    }
}
