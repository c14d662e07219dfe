package io.shiftadd.model.family;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.SmallFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an image becomes what a model sees, as preprocessor_config.json says: resized, cropped, rescaled, normalized.
 *
 * @param resize to which size; null where images must have the model's
 * @param resample number of the filter, as Pillow counts them
 * @param crop of the middle, after resizing; null for none
 * @param rescale what a pixel from 0 to 255 is multiplied by
 * @param mean per channel, subtracted; empty where nothing is normalized, as {@code deviation}
 * @param deviation per channel, what the difference is divided by
 */
public record PreprocessorSettings(
        @Nullable Size resize,
        int resample,
        @Nullable Size crop,
        float rescale,
        List<Float> mean,
        List<Float> deviation) {

    private static final String FILE = "preprocessor_config.json";
    private static final long MAX_BYTES = 1 << 20;
    private static final int MAX_SIDE = 8192;
    private static final int BILINEAR = 2;
    private static final int BICUBIC = 3;
    private static final int FILTERS = 6;
    private static final double BYTE = 1 / 255.0;
    private static final double HALF = 0.5;

    /** What images are resized to. */
    public sealed interface Size {

        /** Both sides, whatever that does to its shape. */
        record Exact(int height, int width) implements Size {}

        /** The shorter side; the longer one in proportion. */
        record Shortest(int side) implements Size {}
    }

    public PreprocessorSettings {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
    }

    /**
     * Reads preprocessor_config.json beside a model's config.json; without one, the reference's defaults hold.
     *
     * @throws FormatException when a key has a value that cannot be, or what comes out has not the model's size
     */
    public static PreprocessorSettings read(Path directory, ModelConfig config) {
        VisionSettings vision = config.vision().orElseThrow();
        Path file = directory.resolve(FILE);
        ConfigKeys keys = Files.isRegularFile(file)
                ? ConfigKeys.parse(SmallFile.read(file, MAX_BYTES), file.toString())
                : ConfigKeys.parse(new byte[] {'{', '}'}, file.toString());
        PreprocessorSettings settings = parse(keys, config.family(), vision);
        Size last = settings.crop != null ? settings.crop : settings.resize;
        if (last != null && !last.equals(new Size.Exact(vision.height(), vision.width()))) {
            throw keys.wrong(
                    settings.crop != null ? "crop_size" : "size",
                    "the model's image_size, " + vision.height() + " × " + vision.width());
        }
        return settings;
    }

    private static PreprocessorSettings parse(ConfigKeys keys, Family family, VisionSettings vision) {
        boolean distilled = family == Family.DEIT;
        Size own = new Size.Exact(vision.height(), vision.width());
        boolean crops = keys.flag("do_center_crop", distilled);
        Size resize = keys.flag("do_resize", true) ? size(keys, "size", own) : null;
        int resample = keys.integer("resample", distilled ? BICUBIC : BILINEAR, 0, FILTERS - 1);
        double rescale = keys.flag("do_rescale", true) ? keys.positive("rescale_factor", BYTE) : 1;
        boolean normalizes = keys.flag("do_normalize", true);
        return new PreprocessorSettings(
                resize,
                resample,
                crops ? exact(keys, "crop_size", own) : null,
                (float) rescale,
                normalizes ? channels(keys, "image_mean", vision.channels(), false) : List.of(),
                normalizes ? channels(keys, "image_std", vision.channels(), true) : List.of());
    }

    private static Size exact(ConfigKeys keys, String key, Size otherwise) {
        Size size = size(keys, key, otherwise);
        if (size instanceof Size.Shortest(int side)) {
            return new Size.Exact(side, side);
        }
        return size;
    }

    /** A number for both sides, or an object with height and width, or with the shortest edge. */
    private static Size size(ConfigKeys keys, String key, Size otherwise) {
        if (!keys.hasValue(key)) {
            return otherwise;
        }
        if (!keys.objects().contains(key)) {
            int side = keys.integer(key, 1, 1, MAX_SIDE);
            return new Size.Exact(side, side);
        }
        ConfigKeys size = keys.child(key).orElseThrow();
        if (size.hasValue("shortest_edge") && !size.hasValue("longest_edge")) {
            return new Size.Shortest(size.integer("shortest_edge", 1, 1, MAX_SIDE));
        }
        if (!size.hasValue("height") || !size.hasValue("width")) {
            throw keys.wrong(key, "a number, height and width, or shortest_edge");
        }
        return new Size.Exact(size.integer("height", 1, 1, MAX_SIDE), size.integer("width", 1, 1, MAX_SIDE));
    }

    private static List<Float> channels(ConfigKeys keys, String key, int channels, boolean divides) {
        List<Double> values = keys.hasValue(key) ? keys.numbers(key) : Collections.nCopies(channels, HALF);
        boolean possible = values.size() == channels && values.stream().allMatch(v -> !divides || v > 0);
        if (!possible) {
            throw keys.wrong(key, "a list of " + channels + (divides ? " numbers above 0" : " numbers"));
        }
        return values.stream().map(Double::floatValue).toList();
    }
}
