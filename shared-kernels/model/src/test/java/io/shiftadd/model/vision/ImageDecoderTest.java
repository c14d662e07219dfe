package io.shiftadd.model.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

    private static final ImageLimits LIMITS = new ImageLimits(100_000, 10_000);

    private static byte[] file(String format, int type, int width, int height, int colour) throws IOException {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, colour);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, out)).isTrue();
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg", "bmp", "gif"})
    void readsTheUsualFormats(String format) throws IOException {
        RgbImage image = ImageDecoder.decode(file(format, BufferedImage.TYPE_INT_RGB, 7, 5, 0xC86432), LIMITS);
        assertThat(image.width()).isEqualTo(7);
        assertThat(image.height()).isEqualTo(5);
        int[] expected = {200, 100, 50};
        for (int i = 0; i < image.rgb().length; i++) {
            assertThat(image.rgb()[i] & 0xFF).isCloseTo(expected[i % 3], within(4));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY})
    void greyValuesStayAsTheyAre(int type) throws IOException {
        BufferedImage grey = new BufferedImage(3, 2, type);
        int value = type == BufferedImage.TYPE_BYTE_GRAY ? 77 : 77 << 8 | 200;
        grey.getRaster().setSamples(0, 0, 3, 2, 0, new int[] {value, value, value, value, value, value});
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(grey, "png", out);
        assertThat(ImageDecoder.decode(out.toByteArray(), LIMITS).rgb()).containsOnly(77);
    }

    @Test
    void transparencyIsLeftOut() throws IOException {
        byte[] rgb = ImageDecoder.decode(file("png", BufferedImage.TYPE_INT_ARGB, 1, 1, 0x40C86432), LIMITS)
                .rgb();
        assertThat(rgb).containsExactly(200, 100, 50);
    }

    private static byte[] progressiveJpeg(BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam steps = writer.getDefaultWriteParam();
        steps.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), steps);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** A scan of twenty bytes goes over the whole picture: 8 MiB of them would take hours. */
    @Test
    void aJpegOfManyScansIsRefusedBeforeAnyIsDecoded() throws IOException {
        byte[] jpeg = progressiveJpeg(new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB));
        assertThat(ImageDecoder.decode(jpeg, LIMITS).width()).isEqualTo(16);
        int end = jpeg.length - 2;
        int scan = end;
        while ((jpeg[scan] & 0xFF) != 0xFF || (jpeg[scan + 1] & 0xFF) != 0xDA) {
            scan--;
        }
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(jpeg, 0, end);
        for (int i = 0; i < 100; i++) {
            many.write(jpeg, scan, end - scan);
        }
        many.write(jpeg, end, 2);
        assertThatThrownBy(() -> ImageDecoder.decode(many.toByteArray(), LIMITS))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessageContaining("more than 100 scans");
    }

    /** The picture within has a size of its own, which nobody has checked. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aBmpAroundAnotherFormatIsRefused(int compression) throws IOException {
        byte[] bmp = file("bmp", BufferedImage.TYPE_INT_RGB, 4, 4, 0);
        bmp[30] = (byte) compression;
        assertThatThrownBy(() -> ImageDecoder.decode(bmp, LIMITS))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessageContaining("around a file of another format");
    }

    @Test
    void theSizeIsRefusedBeforeAnyPixelIsDecoded() throws IOException {
        byte[] png = file("png", BufferedImage.TYPE_INT_RGB, 4, 4, 0);
        // Width and height of the header: 60,000 each would take 14 GB.
        ByteBuffer header = ByteBuffer.wrap(png);
        header.putInt(16, 60_000).putInt(20, 60_000);
        CRC32 checksum = new CRC32();
        checksum.update(png, 12, 17);
        header.putInt(29, (int) checksum.getValue());
        assertThatThrownBy(() -> ImageDecoder.decode(png, LIMITS))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessageContaining("announces 60000 × 60000 pixels, more than the limit of 10000");
        byte[] wide = file("png", BufferedImage.TYPE_INT_RGB, 101, 100, 0);
        assertThatThrownBy(() -> ImageDecoder.decode(wide, LIMITS)).hasMessageContaining("101 × 100");
        ImageDecoder.decode(file("png", BufferedImage.TYPE_INT_RGB, 100, 100, 0), LIMITS);
    }

    @Test
    void filesThatAreTooLongAreNotReadAtAll() {
        assertThatThrownBy(() -> ImageDecoder.decode(new byte[100_001], LIMITS))
                .hasMessageContaining("has 100001 bytes, more than the limit of 100000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no image at all", "GIF89a", "BM", "<svg xmlns='http://www.w3.org/2000/svg'/>"})
    void whatIsNoImageIsToldApart(String text) {
        assertThatThrownBy(() -> ImageDecoder.decode(text.getBytes(StandardCharsets.UTF_8), LIMITS))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessageContaining("Send a JPEG, PNG, GIF or BMP file");
    }

    /** Wherever a file ends or is damaged, it is read or refused: nothing else comes out. */
    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg", "bmp", "gif"})
    void brokenFilesAreRefusedOrRead(String format) throws IOException {
        byte[] whole = file(format, BufferedImage.TYPE_INT_RGB, 20, 10, 0x336699);
        for (int at = 0; at < whole.length; at += 3) {
            decodeOrRefuse(Arrays.copyOf(whole, at));
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) 0x5A;
            decodeOrRefuse(damaged);
        }
    }

    private static void decodeOrRefuse(byte[] bytes) {
        try {
            assertThat(ImageDecoder.decode(bytes, LIMITS).width()).isPositive();
        } catch (UnreadableImageException refused) {
            assertThat(refused.what()).isNotBlank();
        }
    }
}
