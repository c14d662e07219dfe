package io.shiftadd.model.vision;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * How a picture is to be turned so that it is as its camera saw it: the tag Orientation of EXIF (JEITA CP-3451, 4.6.4)
 * in JPEG and PNG files. Reference implementations turn pictures before models see them, and so do viewers. Whatever is
 * not as it should be means that nothing is turned.
 */
final class Orientation {

    private static final int UPRIGHT = 1;
    private static final int LAST = 8;

    /** From here on rows are columns. */
    private static final int FIRST_TRANSPOSED = 5;

    private static final int MARKER = 0xFF;
    private static final int START_OF_IMAGE = 0xD8;
    private static final int START_OF_SCAN = 0xDA;
    private static final int END_OF_IMAGE = 0xD9;
    private static final int APPLICATION_1 = 0xE1;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int PNG_EXIF = 0x65584966; // eXIf
    private static final int PNG_CHUNK_AROUND = 12; // length, kind and checksum

    private static final int TIFF_MAGIC = 42;
    private static final int TIFF_HEADER = 8;
    private static final int ENTRY = 12;
    private static final int TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int LONG = 4;

    private Orientation() {}

    /** The image as the file says that it is to be seen. */
    static RgbImage apply(byte[] file, RgbImage image) {
        int orientation = of(file);
        return orientation == UPRIGHT ? image : turned(image, orientation);
    }

    /** From 1 (as it is) to 8; 1 where the file says nothing, or nothing that makes sense. */
    static int of(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        if (file.length > TIFF_HEADER && bytes.getLong(0) == PNG_SIGNATURE) {
            return ofPng(bytes);
        }
        boolean jpeg = file.length > 1 && (file[0] & 0xFF) == MARKER && (file[1] & 0xFF) == START_OF_IMAGE;
        return jpeg ? ofJpeg(bytes) : UPRIGHT;
    }

    private static int ofJpeg(ByteBuffer file) {
        int at = 2;
        while (at + 4 <= file.limit() && (file.get(at) & 0xFF) == MARKER) {
            int marker = file.get(at + 1) & 0xFF;
            if (marker == MARKER) {
                // as many of these as a writer likes may stand before a marker
                at++;
                continue;
            }
            int length = file.getShort(at + 2) & 0xFFFF;
            if (marker == START_OF_SCAN || marker == END_OF_IMAGE || length < 2 || at + 2 + length > file.limit()) {
                return UPRIGHT;
            }
            if (marker == APPLICATION_1 && length >= 2 + EXIF.length && isExif(file, at + 4)) {
                return ofTiff(file.slice(at + 4 + EXIF.length, length - 2 - EXIF.length));
            }
            at += 2 + length;
        }
        return UPRIGHT;
    }

    private static boolean isExif(ByteBuffer file, int at) {
        return file.slice(at, EXIF.length).equals(ByteBuffer.wrap(EXIF));
    }

    private static int ofPng(ByteBuffer file) {
        long at = Long.BYTES;
        while (at + PNG_CHUNK_AROUND <= file.limit()) {
            long length = file.getInt((int) at) & 0xFFFFFFFFL;
            if (at + PNG_CHUNK_AROUND + length > file.limit()) {
                return UPRIGHT;
            }
            if (file.getInt((int) at + Integer.BYTES) == PNG_EXIF) {
                return ofTiff(file.slice((int) at + 2 * Integer.BYTES, (int) length));
            }
            at += PNG_CHUNK_AROUND + length;
        }
        return UPRIGHT;
    }

    /** @param tiff a header and directories, of which the first counts */
    private static int ofTiff(ByteBuffer tiff) {
        if (tiff.limit() < TIFF_HEADER) {
            return UPRIGHT;
        }
        boolean little = tiff.get(0) == 'I' && tiff.get(1) == 'I';
        boolean big = tiff.get(0) == 'M' && tiff.get(1) == 'M';
        tiff.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long directory = tiff.getInt(Integer.BYTES) & 0xFFFFFFFFL;
        if (!little && !big || tiff.getShort(2) != TIFF_MAGIC || directory + Short.BYTES > tiff.limit()) {
            return UPRIGHT;
        }
        int first = (int) directory + Short.BYTES;
        int count = tiff.getShort((int) directory) & 0xFFFF;
        for (int i = 0; i < count && first + (i + 1L) * ENTRY <= tiff.limit(); i++) {
            int entry = first + i * ENTRY;
            if ((tiff.getShort(entry) & 0xFFFF) == TAG) {
                int kind = tiff.getShort(entry + 2);
                int value = kind == SHORT ? tiff.getShort(entry + 8) : kind == LONG ? tiff.getInt(entry + 8) : 0;
                return value >= UPRIGHT && value <= LAST ? value : UPRIGHT;
            }
        }
        return UPRIGHT;
    }

    private static RgbImage turned(RgbImage image, int orientation) {
        int columns = image.width() - 1;
        int rows = image.height() - 1;
        boolean transposed = orientation >= FIRST_TRANSPOSED;
        int width = transposed ? image.height() : image.width();
        int height = transposed ? image.width() : image.height();
        byte[] target = new byte[image.rgb().length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int column = switch (orientation) {
                    case 2, 3 -> columns - x;
                    case 4 -> x;
                    case 5, 6 -> y;
                    default -> columns - y;
                };
                int row = switch (orientation) {
                    case 2 -> y;
                    case 3, 4 -> rows - y;
                    case 5, 8 -> x;
                    default -> rows - x;
                };
                int from = RgbImage.CHANNELS * (row * image.width() + column);
                System.arraycopy(image.rgb(), from, target, RgbImage.CHANNELS * (y * width + x), RgbImage.CHANNELS);
            }
        }
        return new RgbImage(width, height, target);
    }
}
