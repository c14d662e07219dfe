package io.shiftadd.model.vision;

/**
 * How large an image may be, known before it is decoded.
 *
 * @param bytes of the file
 * @param pixels width times height
 */
public record ImageLimits(long bytes, long pixels) {

    /** What a camera makes, and 100 MB of memory while it is decoded. */
    public static final ImageLimits DEFAULT = new ImageLimits(16 << 20, 25_000_000);
}
