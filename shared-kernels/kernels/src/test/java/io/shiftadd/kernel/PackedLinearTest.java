package io.shiftadd.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;
import org.junit.jupiter.api.Test;

class PackedLinearTest {

    @Test
    void unpacksWhatWasPacked() {
        for (int[] shape : new int[][] {{1, 1}, {7, 13}, {48, 172}, {384, 207}}) {
            BinaryCoding coding = TestLayers.coding(shape[0], shape[1], 3, GroupShape.blockWise(shape[0]), 3, 7);
            BinaryCoding unpacked = PackedLinear.pack(coding, null, null, null).unpack();
            assertThat(unpacked.codes()).isEqualTo(coding.codes());
            assertThat(unpacked.scales().encoded()).isEqualTo(coding.scales().encoded());
            assertThat(unpacked.groups()).isEqualTo(coding.groups());
        }
    }
}
