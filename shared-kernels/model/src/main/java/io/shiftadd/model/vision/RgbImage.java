package io.shiftadd.model.vision;

/**
 * A decoded image.
 *
 * @param rgb {@code [height, width, 3]}, a byte from 0 to 255 each; not copied
 */
public record RgbImage(int width, int height, byte[] rgb) {

    static final int CHANNELS = 3;

    public RgbImage {
        long expected = (long) CHANNELS * width * height;
        if (width < 1 || height < 1 || rgb.length != expected) {
            throw new IllegalArgumentException("an image of " + width + " × " + height + " pixels takes " + expected
                    + " bytes, not " + rgb.length);
        }
    }
}
