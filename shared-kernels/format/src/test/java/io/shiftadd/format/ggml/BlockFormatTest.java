package io.shiftadd.format.ggml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against what Python's gguf package makes of random blocks; src/test/references tells how the files are made. */
class BlockFormatTest {

    private static final int BLOCKS = 8;

    private static ByteBuffer vectors(BlockFormat format) throws IOException {
        String name = "/ggml/" + format + ".bin";
        try (InputStream in = Objects.requireNonNull(BlockFormatTest.class.getResourceAsStream(name), name)) {
            return ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    @ParameterizedTest
    @EnumSource
    void expandsEveryTypeBitForBit(BlockFormat format) throws IOException {
        ByteBuffer vectors = vectors(format);
        float[] expected = new float[BLOCKS * format.elements()];
        vectors.slice(BLOCKS * format.bytes(), expected.length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(expected);
        assertThat(vectors.capacity()).isEqualTo(BLOCKS * format.bytes() + expected.length * Float.BYTES);

        float[] actual = new float[expected.length];
        format.decode(MemorySegment.ofBuffer(vectors), 0, BLOCKS, actual, 0);

        assertThat(actual).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void expandsFromAnyBlockToAnyPlace(BlockFormat format) throws IOException {
        MemorySegment blocks = MemorySegment.ofBuffer(vectors(format)).asSlice(0, (long) BLOCKS * format.bytes());
        float[] all = new float[BLOCKS * format.elements()];
        format.decode(blocks, 0, BLOCKS, all, 0);

        float[] part = new float[3 * format.elements() + 2];
        Arrays.fill(part, 7);
        format.decode(blocks, 4L * format.bytes(), 3, part, 1);

        assertThat(Arrays.copyOfRange(part, 1, part.length - 1))
                .isEqualTo(Arrays.copyOfRange(all, 4 * format.elements(), 7 * format.elements()));
        assertThat(part[0]).isEqualTo(7);
        assertThat(part[part.length - 1]).isEqualTo(7);
    }

    /** More than are taken from the file at a time. */
    @ParameterizedTest
    @EnumSource
    void expandsManyBlocks(BlockFormat format) throws IOException {
        MemorySegment few = MemorySegment.ofBuffer(vectors(format)).asSlice(0, (long) BLOCKS * format.bytes());
        int times = 70;
        byte[] many = new byte[Math.toIntExact(few.byteSize()) * times];
        for (int i = 0; i < times; i++) {
            MemorySegment.copy(few, 0, MemorySegment.ofArray(many), i * few.byteSize(), few.byteSize());
        }
        float[] once = new float[BLOCKS * format.elements()];
        format.decode(few, 0, BLOCKS, once, 0);

        float[] all = new float[once.length * times];
        format.decode(MemorySegment.ofArray(many), 0, BLOCKS * times, all, 0);

        for (int i = 0; i < times; i++) {
            assertThat(Arrays.copyOfRange(all, i * once.length, (i + 1) * once.length))
                    .isEqualTo(once);
        }
    }
}
