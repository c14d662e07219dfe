package io.shiftadd.model.vision;

import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.PreprocessorSettings;
import io.shiftadd.model.family.PreprocessorSettings.Size;
import io.shiftadd.model.family.VisionSettings;
import java.nio.file.Path;

/** Makes of a decoded image what a model sees of it: {@code [channels, height, width]} floats. */
public final class ImagePreprocessor {

    /** Of a longer side that belongs to a shorter one: no image of a few pixels may become one of millions. */
    private static final int MAX_SIDE = 1 << 14;

    private final VisionSettings vision;
    private final PreprocessorSettings settings;

    public ImagePreprocessor(VisionSettings vision, PreprocessorSettings settings) {
        this.vision = vision;
        this.settings = settings;
    }

    /**
     * As the model's directory says.
     *
     * @throws io.shiftadd.format.FormatException when its preprocessor_config.json cannot be followed
     */
    public static ImagePreprocessor of(Path directory, ModelConfig config) {
        return new ImagePreprocessor(config.vision().orElseThrow(), PreprocessorSettings.read(directory, config));
    }

    /** Values of an image. */
    public int values() {
        return vision.pixelValues();
    }

    /**
     * @param pixels overwritten from {@code offset} on, {@link #values()} of them
     * @throws UnreadableImageException if it is not resized and has another size than the model's
     */
    public void apply(RgbImage image, float[] pixels, int offset) {
        RgbImage sized = crop(resize(image));
        if (sized.width() != vision.width() || sized.height() != vision.height()) {
            throw new UnreadableImageException(
                    "has " + image.width() + " × " + image.height() + " pixels",
                    "Send it with " + vision.width() + " × " + vision.height()
                            + " pixels: this model's preprocessor_config.json does not let it be resized");
        }
        int plane = vision.width() * vision.height();
        for (int channel = 0; channel < vision.channels(); channel++) {
            boolean normalizes = !settings.mean().isEmpty();
            float mean = normalizes ? settings.mean().get(channel) : 0;
            float deviation = normalizes ? settings.deviation().get(channel) : 1;
            for (int i = 0; i < plane; i++) {
                float value = sample(sized.rgb(), i, channel) * settings.rescale();
                pixels[offset + channel * plane + i] = (value - mean) / deviation;
            }
        }
    }

    /** A channel's value from 0 to 255; that of a grey image as Pillow weighs colours. */
    private int sample(byte[] rgb, int pixel, int channel) {
        int at = RgbImage.CHANNELS * pixel;
        if (vision.channels() == RgbImage.CHANNELS) {
            return rgb[at + channel] & 0xFF;
        }
        int red = rgb[at] & 0xFF;
        int green = rgb[at + 1] & 0xFF;
        int blue = rgb[at + 2] & 0xFF;
        return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
    }

    private RgbImage resize(RgbImage image) {
        Size size = settings.resize();
        Resampling filter = Resampling.values()[settings.resample()];
        return switch (size) {
            case null -> image;
            case Size.Exact(int height, int width) -> filter.resize(image, width, height);
            case Size.Shortest(int side) -> {
                boolean upright = image.width() <= image.height();
                int shorter = Math.min(image.width(), image.height());
                int longer = (int) ((long) side * Math.max(image.width(), image.height()) / shorter);
                if (longer > MAX_SIDE) {
                    throw new UnreadableImageException(
                            "of " + image.width() + " × " + image.height() + " pixels is too long for its width",
                            "Send an image whose sides differ less");
                }
                yield upright ? filter.resize(image, side, longer) : filter.resize(image, longer, side);
            }
        };
    }

    /** The middle of an image; what it lacks is black. */
    private RgbImage crop(RgbImage image) {
        if (!(settings.crop() instanceof Size.Exact(int height, int width))
                || image.width() == width && image.height() == height) {
            return image;
        }
        byte[] target = new byte[RgbImage.CHANNELS * width * height];
        int top = Math.floorDiv(image.height() - height, 2);
        int left = Math.floorDiv(image.width() - width, 2);
        int from = Math.max(0, left);
        int count = Math.min(image.width(), left + width) - from;
        for (int y = Math.max(0, top); y < Math.min(image.height(), top + height); y++) {
            System.arraycopy(
                    image.rgb(),
                    RgbImage.CHANNELS * (y * image.width() + from),
                    target,
                    RgbImage.CHANNELS * ((y - top) * width + from - left),
                    RgbImage.CHANNELS * count);
        }
        return new RgbImage(width, height, target);
    }
}
