package io.shiftadd.model.vision;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes JPEG, PNG, GIF (its first picture) and BMP by the JDK's own readers. The size that the file announces is
 * checked before any pixel is decoded. As the reference does, transparency is left out, and grey values stay as they
 * are, whatever their colour space says of their brightness. Pictures are turned as their {@link Orientation} says.
 */
public final class ImageDecoder {

    private static final Set<String> FORMATS = Set.of("jpeg", "png", "gif", "bmp");
    private static final String REMEDY = "Send a JPEG, PNG, GIF or BMP file";
    private static final int BYTE_BITS = 8;

    static {
        // No files: images are small, and come from memory.
        ImageIO.setUseCache(false);
    }

    private ImageDecoder() {}

    /**
     * @throws UnreadableImageException if it is no image of these formats, broken, or beyond the limits
     */
    public static RgbImage decode(byte[] bytes, ImageLimits limits) {
        if (bytes.length == 0) {
            throw new UnreadableImageException("is empty", REMEDY);
        }
        if (bytes.length > limits.bytes()) {
            throw new UnreadableImageException(
                    "has " + bytes.length + " bytes, more than the limit of " + limits.bytes(),
                    "Send it smaller: the model sees it at a low resolution anyway");
        }
        ImageChecks.require(bytes);
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            ImageReader reader = reader(in);
            try {
                reader.setInput(in, true, true);
                requirePixels(reader.getWidth(0), reader.getHeight(0), limits);
                return Orientation.apply(bytes, rgb(reader.read(0)));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof UnreadableImageException unreadable) {
                throw unreadable;
            }
            // Readers throw whatever a broken file makes them stumble over.
            throw new UnreadableImageException("cannot be decoded: " + reason(e), REMEDY + " that is whole", e);
        }
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? "it is damaged" : message;
    }

    private static ImageReader reader(ImageInputStream in) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
                return reader;
            }
            reader.dispose();
        }
        throw new UnreadableImageException("is of no format that is read here", REMEDY);
    }

    private static void requirePixels(int width, int height, ImageLimits limits) {
        if (width < 1 || height < 1) {
            throw new UnreadableImageException("announces " + width + " × " + height + " pixels", REMEDY);
        }
        if ((long) width * height > limits.pixels()) {
            throw new UnreadableImageException(
                    "announces " + width + " × " + height + " pixels, more than the limit of " + limits.pixels(),
                    "Send it smaller: the model sees it at a low resolution anyway");
        }
    }

    private static RgbImage rgb(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgb = new byte[Math.multiplyExact(RgbImage.CHANNELS, Math.multiplyExact(width, height))];
        ColorModel colours = image.getColorModel();
        if (isGrey(colours)) {
            grey(image.getRaster(), colours.getComponentSize(0), rgb);
            return new RgbImage(width, height, rgb);
        }
        int[] row = new int[width];
        int at = 0;
        BufferedImage plain = isPremultiplied(colours) ? redrawn(image) : image;
        for (int y = 0; y < height; y++) {
            plain.getRGB(0, y, width, 1, row, 0, width);
            for (int pixel : row) {
                rgb[at++] = (byte) (pixel >> 2 * BYTE_BITS);
                rgb[at++] = (byte) (pixel >> BYTE_BITS);
                rgb[at++] = (byte) pixel;
            }
        }
        return new RgbImage(width, height, rgb);
    }

    /** The JDK takes grey values for linear light and would brighten them. */
    private static boolean isGrey(ColorModel colours) {
        return !(colours instanceof IndexColorModel) && colours.getNumColorComponents() == 1;
    }

    private static boolean isPremultiplied(ColorModel colours) {
        return colours.hasAlpha() && colours.isAlphaPremultiplied();
    }

    private static BufferedImage redrawn(BufferedImage image) {
        BufferedImage copy = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = copy.createGraphics();
        graphics.drawImage(image, 0, 0, null);
        graphics.dispose();
        return copy;
    }

    private static void grey(Raster raster, int bits, byte[] rgb) {
        int[] row = new int[raster.getWidth()];
        int greatest = (1 << bits) - 1;
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(0, y, raster.getWidth(), 1, 0, row);
            for (int sample : row) {
                int value = bits > BYTE_BITS ? sample >> bits - BYTE_BITS : sample * 255 / greatest;
                rgb[at++] = (byte) value;
                rgb[at++] = (byte) value;
                rgb[at++] = (byte) value;
            }
        }
    }
}
