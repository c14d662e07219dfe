package io.shiftadd.format.ggml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Properties;

/** Points of a lattice in four or eight dimensions, of which an index selects one. */
final class Grid {

    static final Grid IQ1 = new Grid("iq1", 8, 2, -1, 0, 1);
    static final Grid IQ2_XXS = new Grid("iq2_xxs", 8, 2, 0x08, 0x19, 0x2b);
    static final Grid IQ2_XS = new Grid("iq2_xs", 8, 2, 0x08, 0x19, 0x2b);
    static final Grid IQ2_S = new Grid("iq2_s", 8, 2, 0x08, 0x19, 0x2b);
    static final Grid IQ3_XXS = new Grid("iq3_xxs", 4, 4, 0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3e);
    static final Grid IQ3_S = new Grid("iq3_s", 4, 4, 0x01, 0x03, 0x05, 0x07, 0x09, 0x0b, 0x0d, 0x0f);

    private final int dimensions;
    private final float[] coordinates;

    /** @param bits of a coordinate's index among the values, in the file of grids */
    private Grid(String name, int dimensions, int bits, float... values) {
        this.dimensions = dimensions;
        byte[] packed = HexFormat.of().parseHex(Objects.requireNonNull(Files.ALL.getProperty(name), name));
        int perByte = 8 / bits;
        coordinates = new float[packed.length * perByte];
        for (int i = 0; i < coordinates.length; i++) {
            int index = packed[i / perByte] >> i % perByte * bits & (1 << bits) - 1;
            coordinates[i] = values[index];
        }
    }

    /** All coordinates, point after point. */
    float[] coordinates() {
        return coordinates;
    }

    /** Where a point begins. */
    int at(int index) {
        return index * dimensions;
    }

    private static final class Files {

        static final Properties ALL = read();

        private static Properties read() {
            Properties grids = new Properties();
            try (InputStream in = Objects.requireNonNull(Grid.class.getResourceAsStream("grids.properties"))) {
                grids.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return grids;
        }
    }
}
