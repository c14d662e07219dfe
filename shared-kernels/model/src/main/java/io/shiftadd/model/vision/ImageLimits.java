package io.shiftadd.model.vision;

/**
 * How large an image may be, known before it is decoded.
 *
 * @param bytes of the file
 * @param pixels width times height
 */
public record ImageLimits(long bytes, long pixels) {

    /** 8 MiB and 4,096 × 4,096 pixels: some hundred megabytes of memory while it is decoded. */
    public static final ImageLimits DEFAULT = new ImageLimits(8 << 20, 1 << 24);
}
