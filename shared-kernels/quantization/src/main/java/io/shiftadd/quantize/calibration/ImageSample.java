package io.shiftadd.quantize.calibration;

import io.shiftadd.model.vision.ImagePreprocessor;
import io.shiftadd.model.vision.ImageSet;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Some images of a set, made into what a model sees when they are asked for. */
public final class ImageSample {

    private final ImageSet set;
    private final ImagePreprocessor preprocessor;
    private final int[] chosen;

    private ImageSample(ImageSet set, ImagePreprocessor preprocessor, int[] chosen) {
        this.set = set;
        this.preprocessor = preprocessor;
        this.chosen = chosen;
    }

    /**
     * Images at random, each at most once, the same for the same seed on every machine; all of them in their order
     * where no fewer are wanted. At random, because a set may have its classes one after the other.
     *
     * @param most no more than this
     */
    public static ImageSample of(ImageSet set, ImagePreprocessor preprocessor, int most, long seed) {
        int[] order = IntStream.range(0, set.size()).toArray();
        if (most >= order.length) {
            return new ImageSample(set, preprocessor, order);
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < most; i++) {
            int other = random.nextInt(i, order.length);
            int swapped = order[i];
            order[i] = order[other];
            order[other] = swapped;
        }
        return new ImageSample(set, preprocessor, Arrays.copyOf(order, most));
    }

    public int size() {
        return chosen.length;
    }

    /** The class of an image, a number among those of the set. */
    public int label(int index) {
        return set.label(chosen[index]);
    }

    /**
     * The values of images.
     *
     * @return {@code [count, channels, height, width]}
     * @throws io.shiftadd.format.FormatException if one cannot be read: names it
     */
    public float[] read(int from, int count) {
        float[] pixels = new float[Math.multiplyExact(count, preprocessor.values())];
        for (int i = 0; i < count; i++) {
            preprocessor.apply(set.image(chosen[from + i]), pixels, i * preprocessor.values());
        }
        return pixels;
    }
}
