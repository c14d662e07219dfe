package io.shiftadd.model.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures of four fields, A and B above C and D, whose files say how they are to be turned. */
class OrientationTest {

    private static final int WIDTH = 64;
    private static final int HEIGHT = 32;
    private static final ImageLimits LIMITS = new ImageLimits(100_000, 10_000);
    private static final int[] COLOURS = {0xE01010, 0x10E010, 0x1010E0, 0xE0E0E0};

    private static byte[] picture(String format) throws IOException {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                image.setRGB(x, y, COLOURS[(y < HEIGHT / 2 ? 0 : 2) + (x < WIDTH / 2 ? 0 : 1)]);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    /** A directory with a tag before that of the orientation. */
    private static byte[] tiff(int orientation, boolean littleEndian, boolean wide) {
        ByteBuffer tiff = ByteBuffer.allocate(40).order(littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        tiff.put((littleEndian ? "II" : "MM").getBytes(StandardCharsets.ISO_8859_1));
        tiff.putShort((short) 42).putInt(8).putShort((short) 2);
        tiff.putShort((short) 0x0100)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) WIDTH)
                .putShort((short) 0);
        tiff.putShort((short) 0x0112).putShort((short) (wide ? 4 : 3)).putInt(1);
        if (wide) {
            tiff.putInt(orientation);
        } else {
            tiff.putShort((short) orientation).putShort((short) 0);
        }
        return tiff.array();
    }

    private static byte[] withExif(byte[] file, byte[] tiff) {
        boolean jpeg = (file[0] & 0xFF) == 0xFF;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int start = jpeg ? 2 : 33; // behind the first marker, or the chunk of the size
        out.write(file, 0, start);
        out.writeBytes(jpeg ? segment(tiff) : chunk(tiff));
        out.write(file, start, file.length - start);
        return out.toByteArray();
    }

    private static byte[] segment(byte[] tiff) {
        ByteBuffer segment = ByteBuffer.allocate(10 + tiff.length);
        segment.putShort((short) 0xFFE1).putShort((short) (8 + tiff.length));
        segment.put("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1)).put(tiff);
        return segment.array();
    }

    private static byte[] chunk(byte[] tiff) {
        ByteBuffer chunk = ByteBuffer.allocate(12 + tiff.length);
        chunk.putInt(tiff.length)
                .put("eXIf".getBytes(StandardCharsets.ISO_8859_1))
                .put(tiff);
        CRC32 checksum = new CRC32();
        checksum.update(chunk.array(), 4, 4 + tiff.length);
        chunk.putInt((int) checksum.getValue());
        return chunk.array();
    }

    /** The four fields as they are seen. */
    private static String seen(RgbImage image) {
        StringBuilder fields = new StringBuilder();
        for (int field = 0; field < 4; field++) {
            int x = image.width() / 4 + field % 2 * image.width() / 2;
            int y = image.height() / 4 + field / 2 * image.height() / 2;
            fields.append("ABCD".charAt(closest(image, 3 * (y * image.width() + x))));
        }
        return fields.toString();
    }

    private static int closest(RgbImage image, int at) {
        for (int i = 0; i < COLOURS.length; i++) {
            boolean same = true;
            for (int channel = 0; channel < 3; channel++) {
                int wanted = COLOURS[i] >> 16 - 8 * channel & 0xFF;
                same &= Math.abs((image.rgb()[at + channel] & 0xFF) - wanted) < 64;
            }
            if (same) {
                return i;
            }
        }
        throw new AssertionError("no field has this colour");
    }

    /** By the standard: which side of what is seen the first stored row is, and which the first stored column. */
    @ParameterizedTest
    @CsvSource({"1, ABCD", "2, BADC", "3, DCBA", "4, CDAB", "5, ACBD", "6, CADB", "7, DBCA", "8, BDAC"})
    void picturesAreSeenAsTheirCameraSawThem(int orientation, String fields) throws IOException {
        for (String format : new String[] {"jpeg", "png"}) {
            for (boolean littleEndian : new boolean[] {true, false}) {
                byte[] file = withExif(picture(format), tiff(orientation, littleEndian, !littleEndian));
                RgbImage image = ImageDecoder.decode(file, LIMITS);
                assertThat(seen(image)).as(format).isEqualTo(fields);
                assertThat(image.width()).isEqualTo(orientation < 5 ? WIDTH : HEIGHT);
                assertThat(image.height()).isEqualTo(orientation < 5 ? HEIGHT : WIDTH);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "9", "65535"})
    void anOrientationThatThereIsNotTurnsNothing(int orientation) throws IOException {
        byte[] file = withExif(picture("jpeg"), tiff(orientation, true, false));
        assertThat(seen(ImageDecoder.decode(file, LIMITS))).isEqualTo("ABCD");
        assertThat(Orientation.of(picture("png"))).isEqualTo(1);
    }

    /** Wherever what says it is damaged or ends, the picture is read, turned or not. */
    @Test
    void damagedTagsAreNoReasonToRefuseAPicture() throws IOException {
        Random random = new Random(4);
        for (String format : new String[] {"jpeg", "png"}) {
            byte[] picture = picture(format);
            byte[] tiff = tiff(6, true, false);
            for (int i = 0; i < 2000; i++) {
                byte[] damaged = Arrays.copyOf(tiff, random.nextInt(tiff.length + 1));
                for (int change = 0; change < 3 && damaged.length > 0; change++) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                assertThat(Orientation.of(withExif(picture, damaged))).isBetween(1, 8);
            }
            byte[] whole = withExif(picture, tiff);
            for (int length = 0; length < 120; length++) {
                assertThat(Orientation.of(Arrays.copyOf(whole, length))).isBetween(1, 8);
            }
        }
    }
}
