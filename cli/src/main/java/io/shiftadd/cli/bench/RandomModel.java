package io.shiftadd.cli.bench;

import io.shiftadd.cli.bench.ModelShape.Linear;
import io.shiftadd.format.DType;
import io.shiftadd.format.TensorSink;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * An artifact of a given shape with made-up weights, written as docs/format.md says: for a measurement of speed the
 * weights do not matter, where they lie and how they are read does.
 *
 * @param bits of the blocks' layers; {@value #FLOAT} leaves them in float16
 * @param headBits of the head; {@value #FLOAT} leaves it in float16
 * @param blockWise groups of 8 columns and an eighth of the rows; otherwise a column a group
 * @param rotated whether inputs and outputs of the blocks' layers go through Walsh–Hadamard transforms
 */
record RandomModel(ModelShape shape, int bits, int headBits, boolean blockWise, boolean rotated, long seed) {

    /** Bits of a layer that is not packed. */
    static final int FLOAT = 16;

    private static final int TERMS = 3;
    private static final int FORMAT_VERSION = 2;
    private static final int TILE_ROWS = 64;
    private static final int TILE_COLUMNS = 32;
    private static final int TERM_BIAS = 64;
    private static final int BUFFER_BYTES = 1 << 20;

    /** Writes config.json and model.safetensors. */
    void write(Path directory) throws IOException {
        Files.writeString(directory.resolve("config.json"), shape.config());
        SafetensorsWriter out = new SafetensorsWriter(Map.of("format", "pt"));
        SplittableRandom random = new SplittableRandom(seed);
        floats(out, shape.embedding(), random.split(), shape.vocabulary(), shape.hidden());
        if (shape.positionRows() > 0) {
            String name = "model.decoder.embed_positions.weight";
            floats(out, name, random.split(), shape.positionRows(), shape.hidden());
        }
        for (int i = 0; i < shape.layers(); i++) {
            for (Linear linear : shape.linears()) {
                linear(out, shape.block(i) + linear.name(), linear, random.split());
            }
            for (String norm : shape.norms()) {
                norm(out, shape.block(i) + norm);
            }
        }
        norm(out, shape.finalNorm());
        if (headBits != FLOAT) {
            Linear head = new Linear("lm_head", shape.vocabulary(), shape.hidden(), false);
            packed(out, head.name(), head, headBits, false, random.split());
        } else if (shape.llama()) {
            floats(out, "lm_head.weight", random.split(), shape.vocabulary(), shape.hidden());
        }
        out.write(directory.resolve("model.safetensors"));
    }

    private void linear(SafetensorsWriter out, String name, Linear linear, SplittableRandom random) {
        if (bits != FLOAT) {
            packed(out, name, linear, bits, rotated, random);
            return;
        }
        floats(out, name + ".weight", random, linear.outputs(), linear.inputs());
        if (linear.hasBias()) {
            floats(out, name + ".bias", random, linear.outputs());
        }
    }

    private void packed(
            SafetensorsWriter out,
            String name,
            Linear linear,
            int planes,
            boolean withRotations,
            SplittableRandom random) {
        int rows =
                blockWise ? Math.ceilDiv(Math.ceilDiv(linear.outputs(), 8), TILE_ROWS) * TILE_ROWS : linear.outputs();
        int columns = blockWise ? 8 : 1;
        int rowGroups = Math.ceilDiv(linear.outputs(), rows);
        int columnGroups = Math.ceilDiv(linear.inputs(), columns);
        int inputBlock = withRotations ? Integer.lowestOneBit(linear.inputs()) : 0;
        int outputBlock = withRotations ? Integer.lowestOneBit(linear.outputs()) : 0;
        int[] layout = {
            FORMAT_VERSION, linear.outputs(), linear.inputs(), planes, rows, columns, TERMS, 8, inputBlock, outputBlock
        };
        out.add(name + ".layout", DType.I32, new long[] {layout.length}, littleEndian(layout));
        long[] planesShape = {
            Math.ceilDiv(linear.outputs(), TILE_ROWS),
            planes,
            Math.ceilDiv(linear.inputs(), TILE_COLUMNS),
            TILE_ROWS * TILE_COLUMNS / Byte.SIZE
        };
        long bytes = planesShape[0] * planesShape[1] * planesShape[2] * planesShape[3];
        out.add(name + ".planes", DType.U8, planesShape, sink -> randomBytes(random, bytes, sink));
        byte[] scales = scales(planes, rowGroups, columnGroups, linear.inputs(), inputBlock, outputBlock, random);
        out.add(name + ".scales", DType.I8, new long[] {planes, rowGroups, TERMS, columnGroups}, scales);
        if (withRotations) {
            signs(out, name + ".input_signs", linear.inputs(), random);
            signs(out, name + ".output_signs", linear.outputs(), random);
        }
        if (linear.hasBias()) {
            floats(out, name + ".bias", random, linear.outputs());
        }
    }

    /** Planes halve from one to the next, terms are a quarter of the one before; rows keep about the norm of inputs. */
    private static byte[] scales(
            int planes,
            int rowGroups,
            int columnGroups,
            int inputs,
            int inputBlock,
            int outputBlock,
            SplittableRandom random) {
        byte[] scales = new byte[planes * rowGroups * TERMS * columnGroups];
        double largest = -Math.log(Math.max(1, inputBlock) * (double) Math.max(1, outputBlock) * inputs) / Math.log(4);
        int at = 0;
        for (int plane = 0; plane < planes; plane++) {
            for (int rowGroup = 0; rowGroup < rowGroups; rowGroup++) {
                for (int term = 0; term < TERMS; term++) {
                    for (int group = 0; group < columnGroups; group++) {
                        int exponent = (int) Math.round(largest) - plane - 2 * term - random.nextInt(2);
                        boolean negative = term > 0 && random.nextBoolean();
                        int code = TERM_BIAS + Math.max(exponent, 1 - TERM_BIAS);
                        scales[at++] = (byte) (negative ? -code : code);
                    }
                }
            }
        }
        return scales;
    }

    private static void signs(SafetensorsWriter out, String name, int width, SplittableRandom random) {
        byte[] signs = new byte[Math.ceilDiv(width, Byte.SIZE)];
        random.nextBytes(signs);
        out.add(name, DType.U8, new long[] {signs.length}, signs);
    }

    private void norm(SafetensorsWriter out, String name) {
        float[] ones = new float[shape.hidden()];
        Arrays.fill(ones, 1);
        out.add(name + ".weight", DType.F16, new long[] {ones.length}, ones);
        if (!shape.llama()) {
            out.add(name + ".bias", DType.F16, new long[] {ones.length}, new float[ones.length]);
        }
    }

    /** Float16 between −2^-5 and 2^-5: the sign, exponents up to 9 below the bias, any mantissa. */
    private static void floats(SafetensorsWriter out, String name, SplittableRandom random, long... size) {
        long elements = Arrays.stream(size).reduce(1, Math::multiplyExact);
        out.add(name, DType.F16, size, sink -> {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            long left = elements;
            while (left > 0) {
                int count = (int) Math.min(left, BUFFER_BYTES / Short.BYTES);
                for (int i = 0; i < count; i++) {
                    int bits = random.nextInt();
                    buffer.putShort(i * Short.BYTES, (short) (bits & 0x83FF | (9 - (bits >> 20 & 1)) << 10));
                }
                sink.writeBytes(MemorySegment.ofArray(buffer.array()).asSlice(0, (long) count * Short.BYTES));
                left -= count;
            }
        });
    }

    private static void randomBytes(SplittableRandom random, long bytes, TensorSink sink) throws IOException {
        byte[] buffer = new byte[(int) Math.min(bytes, BUFFER_BYTES)];
        for (long left = bytes; left > 0; left -= buffer.length) {
            random.nextBytes(buffer);
            sink.writeBytes(MemorySegment.ofArray(buffer).asSlice(0, Math.min(left, buffer.length)));
        }
    }

    private static byte[] littleEndian(int[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(numbers);
        return bytes.array();
    }
}
