package io.shiftadd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;
import io.shiftadd.kernel.rotation.HadamardRotation;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackedLinearFormatTest {

    private static final String NAME = "model.layers.0.mlp.up_proj";

    @TempDir
    Path directory;

    @Test
    void readsWhatWasWritten() {
        HadamardRotation input = HadamardRotation.random(96, 1);
        HadamardRotation output = HadamardRotation.random(40, 2);
        BinaryCoding coding = TestLayers.coding(40, 96, 3, GroupShape.blockWise(40), 3, 3);
        PackedLinear layer = PackedLinear.pack(coding, TestLayers.activations(40, 4), input, output);
        try (Checkpoint in = written(layer, DType.F32)) {
            assertThat(PackedLinearFormat.isPacked(NAME, in)).isTrue();
            assertThat(PackedLinearFormat.isPacked("model.layers.0.mlp.down_proj", in))
                    .isFalse();
            PackedLinear read = (PackedLinear) PackedLinearFormat.read(NAME, in);
            assertThat(read.unpack().codes()).isEqualTo(coding.codes());
            assertThat(read.unpack().scales().encoded())
                    .isEqualTo(coding.scales().encoded());
            assertThat(read.groups()).isEqualTo(coding.groups());
            assertThat(read.bias()).isEqualTo(layer.bias());
            assertThat(read.inputRotation()).isEqualTo(input);
            assertThat(read.outputRotation()).isEqualTo(output);
            assertThat(forward(read)).isEqualTo(forward(layer));
        }
    }

    @ParameterizedTest
    @CsvSource({"128, 96, 2, 128, 1", "40, 70, 3, 40, 1", "384, 64, 2, 48, 8", "90, 33, 4, 16, 4", "200, 96, 1, 128, 8"
    })
    void readsTilesOfSixteenRows(int outputs, int inputs, int bits, int rowsPerGroup, int columnsPerGroup) {
        GroupShape groups = new GroupShape(rowsPerGroup, columnsPerGroup);
        BinaryCoding coding = TestLayers.coding(outputs, inputs, bits, groups, 3, 8);
        PackedLinear layer = PackedLinear.pack(coding, null, null, null);
        try (Checkpoint in = writtenInTheFirstVersion(layer, coding.codes(), bits)) {
            PackedLinear read = (PackedLinear) PackedLinearFormat.read(NAME, in);
            assertThat(read.unpack().codes()).isEqualTo(coding.codes());
            assertThat(forward(read)).isEqualTo(forward(layer));
        }
    }

    @Test
    void readsARowwiseLayerOfTilesOfSixteenRows() {
        RowwiseLinear layer = RowwiseLinear.pack(RowwiseLinearTest.coding(24, 256, 3, 128, 5), null);
        try (Checkpoint in = writtenInTheFirstVersion(layer, layer.unpack().codes(), 3)) {
            RowwiseLinear read = (RowwiseLinear) PackedLinearFormat.read(NAME, in);
            assertThat(read.unpack().codes()).isEqualTo(layer.unpack().codes());
            assertThat(forward(read)).isEqualTo(forward(layer));
        }
    }

    @Test
    void readsARowwiseLayer() {
        RowwiseLinear layer = RowwiseLinear.pack(RowwiseLinearTest.coding(24, 256, 3, 128, 5), null);
        try (Checkpoint in = written(layer, DType.F32)) {
            RowwiseLinear read = (RowwiseLinear) PackedLinearFormat.read(NAME, in);
            assertThat(read.unpack().codes()).isEqualTo(layer.unpack().codes());
            assertThat(read.unpack().scales()).isEqualTo(layer.unpack().scales());
            assertThat(read.unpack().offsets()).isEqualTo(layer.unpack().offsets());
            assertThat(read.bias()).isNull();
            assertThat(forward(read)).isEqualTo(forward(layer));
        }
    }

    @Test
    void keepsTheBiasInItsType() {
        float[] bias = {0.5f, -1.25f, 3};
        BinaryCoding coding = TestLayers.coding(3, 5, 2, GroupShape.columnWise(3), 1, 3);
        try (Checkpoint in = written(PackedLinear.pack(coding, bias, null, null), DType.F16)) {
            assertThat(in.tensor(NAME + ".bias").dtype()).isEqualTo(DType.F16);
            assertThat(((PackedLinear) PackedLinearFormat.read(NAME, in)).bias())
                    .isEqualTo(bias);
        }
    }

    @Test
    void planesLieOnCacheLines() {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        for (int i = 0; i < 3; i++) {
            BinaryCoding coding = TestLayers.coding(17 + i, 33, 2, GroupShape.columnWise(17 + i), 3, i);
            PackedLinearFormat.write("layer" + i, PackedLinear.pack(coding, new float[17 + i], null, null), writer);
        }
        Path file = directory.resolve("model.safetensors");
        writer.write(file);
        try (Checkpoint in = Checkpoint.open(file)) {
            for (int i = 0; i < 3; i++) {
                long address = in.tensor("layer" + i + ".planes").data().address();
                assertThat(address % 64).isZero();
            }
        }
    }

    @Test
    void twoBitsTakeAtMostSixteenPercentOfFloat16() {
        for (int[] shape : new int[][] {{128, 384}, {384, 384}, {1024, 384}, {384, 1024}, {2048, 5632}}) {
            for (GroupShape groups :
                    new GroupShape[] {GroupShape.columnWise(shape[0]), GroupShape.blockWise(shape[0])}) {
                PackedLinear layer =
                        PackedLinear.pack(TestLayers.coding(shape[0], shape[1], 2, groups, 3, 1), null, null, null);
                assertThat(layer.weightBytes()).isLessThanOrEqualTo((long) (0.16 * 2 * shape[0] * shape[1]));
            }
        }
    }

    @Test
    void refusesTensorsThatDoNotFitTheirLayout() {
        BinaryCoding coding = TestLayers.coding(40, 96, 3, GroupShape.columnWise(40), 3, 3);
        PackedLinear layer = PackedLinear.pack(coding, null, null, null);
        assertRefused(layer, 0, 3, "the version, 1 or 2");
        assertRefused(layer, 0, 1, "U8 [3, 3, 3, 64]");
        assertRefused(layer, 1, 1000, "U8 [25, 3, 3, 256]");
        assertRefused(layer, 1, 0, "outputs");
        assertRefused(layer, 3, -1, "bits");
        assertRefused(layer, 4, 8, "U8 [5, 3, 3, 256]");
        assertRefused(layer, 5, 2, "I8 [3, 1, 3, 48]");
        assertRefused(layer, 6, 9, "terms");
        assertRefused(layer, 7, 12, "8 or 16 bits");
        assertRefused(layer, 8, 32, "input_signs");
    }

    private void assertRefused(PackedLinear layer, int position, int number, String reason) {
        SafetensorsWriter good = new SafetensorsWriter(Map.of());
        PackedLinearFormat.write(NAME, layer, good);
        Path file = directory.resolve("good.safetensors");
        good.write(file);
        SafetensorsWriter bad = new SafetensorsWriter(Map.of());
        Path broken = directory.resolve("bad.safetensors");
        try (Checkpoint in = Checkpoint.open(file)) {
            for (String name : in.names()) {
                if (name.endsWith(".layout")) {
                    byte[] layout = in.tensor(name).toByteArray();
                    for (int i = 0; i < Integer.BYTES; i++) {
                        layout[position * Integer.BYTES + i] = (byte) (number >> i * Byte.SIZE);
                    }
                    bad.add(name, DType.I32, in.tensor(name).shape(), layout);
                } else {
                    bad.add(in.tensor(name));
                }
            }
            bad.write(broken);
        }
        try (Checkpoint in = Checkpoint.open(broken)) {
            assertThatThrownBy(() -> PackedLinearFormat.read(NAME, in))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining(reason);
        }
    }

    private Checkpoint written(LinearLayer layer, DType biasType) {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        PackedLinearFormat.write(NAME, layer, biasType, writer);
        Path file = directory.resolve("model.safetensors");
        writer.write(file);
        return Checkpoint.open(file);
    }

    /** The layer as its first writers had it: tiles of 16 rows, whose nibbles are 16 columns apart. */
    private Checkpoint writtenInTheFirstVersion(LinearLayer layer, byte[] codes, int bits) {
        SafetensorsWriter good = new SafetensorsWriter(Map.of());
        PackedLinearFormat.write(NAME, layer, DType.F32, good);
        Path file = directory.resolve("today.safetensors");
        good.write(file);
        int inputs = layer.inputs();
        int columnTiles = Math.ceilDiv(inputs, 32);
        long[] shape = {Math.ceilDiv(layer.outputs(), 16), bits, columnTiles, 64};
        byte[] planes = new byte[Math.toIntExact(shape[0] * bits * columnTiles * 64)];
        for (int i = 0; i < codes.length * bits; i++) {
            int n = i / bits / inputs;
            int k = i / bits % inputs;
            int bit = i % bits;
            int tile = (n / 16 * bits + bit) * columnTiles + k / 32;
            int nibble = k % 32 / 4;
            int code = codes[n * inputs + k] >> bit & 1;
            planes[tile * 64 + nibble % 4 * 16 + n % 16] |= (byte) (code << nibble / 4 * 4 + k % 4);
        }
        SafetensorsWriter old = new SafetensorsWriter(Map.of());
        try (Checkpoint in = Checkpoint.open(file)) {
            for (String name : in.names()) {
                if (name.endsWith(".planes")) {
                    old.add(name, DType.U8, shape, planes);
                } else if (name.endsWith(".layout")) {
                    byte[] layout = in.tensor(name).toByteArray();
                    layout[0] = PackedLayerHeader.LOW_VERSION;
                    old.add(name, DType.I32, in.tensor(name).shape(), layout);
                } else {
                    old.add(in.tensor(name));
                }
            }
            Path first = directory.resolve("first.safetensors");
            old.write(first);
            return Checkpoint.open(first);
        }
    }

    private static float[] forward(LinearLayer layer) {
        float[] y = new float[layer.outputs()];
        Arrays.fill(y, Float.NaN);
        try (KernelContext context = KernelContext.create(2)) {
            layer.forward(TestLayers.activations(layer.inputs(), 9), y, 1, context);
        }
        return y;
    }
}
