package io.shiftadd.model.vision;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a file would make its reader do that its announced size does not tell. */
final class ImageChecks {

    /** Those that are written in steps from coarse to fine have about ten; each goes over the whole picture. */
    private static final int MOST_SCANS = 100;

    private static final int MARKER = 0xFF;
    private static final int START_OF_IMAGE = 0xD8;
    private static final int START_OF_SCAN = 0xDA;
    private static final int BMP_COMPRESSION_AT = 30;
    private static final int BMP_JPEG = 4;
    private static final int BMP_PNG = 5;

    private ImageChecks() {}

    /** @throws UnreadableImageException when its reader would do more than its size tells */
    static void require(byte[] file) {
        if (begins(file, 'B', 'M') && file.length >= BMP_COMPRESSION_AT + Integer.BYTES) {
            int compression =
                    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(BMP_COMPRESSION_AT);
            if (compression == BMP_JPEG || compression == BMP_PNG) {
                throw new UnreadableImageException("is a BMP file around a file of another format", "Send that one");
            }
        }
        if (begins(file, MARKER, START_OF_IMAGE) && scans(file) > MOST_SCANS) {
            throw new UnreadableImageException(
                    "is a JPEG file of more than " + MOST_SCANS + " scans", "Save it again; ten are usual");
        }
    }

    private static boolean begins(byte[] file, int first, int second) {
        return file.length > 1 && (file[0] & 0xFF) == first && (file[1] & 0xFF) == second;
    }

    /** The marker cannot be among coded pixels; a preview within the file has scans of its own, which are few. */
    private static int scans(byte[] file) {
        int scans = 0;
        for (int i = 1; i < file.length; i++) {
            scans += (file[i] & 0xFF) == START_OF_SCAN && (file[i - 1] & 0xFF) == MARKER ? 1 : 0;
        }
        return scans;
    }
}
