package io.shiftadd.model.vision;

/**
 * Resizes images bit for bit as Pillow does, which models' images were resized with in training: a filter as wide as
 * what a target pixel covers, columns first, then rows, each result rounded to a byte; weights are fixed-point numbers.
 */
enum Resampling {
    NEAREST(0),
    LANCZOS(3),
    BILINEAR(1),
    BICUBIC(2),
    BOX(0.5),
    HAMMING(1);

    /** Bits behind the point of a weight: the largest for which a sum of weighted bytes fits an int. */
    private static final int PRECISION = 32 - 8 - 2;

    private static final double CUBIC = -0.5;

    private final double support;

    Resampling(double support) {
        this.support = support;
    }

    RgbImage resize(RgbImage image, int width, int height) {
        if (image.width() == width && image.height() == height) {
            return image;
        }
        if (this == NEAREST) {
            return nearest(image, width, height);
        }
        RgbImage narrow = image.width() == width ? image : columns(image, width);
        return narrow.height() == height ? narrow : rows(narrow, height);
    }

    private static RgbImage nearest(RgbImage image, int width, int height) {
        byte[] target = new byte[RgbImage.CHANNELS * width * height];
        double scaleX = (double) image.width() / width;
        double scaleY = (double) image.height() / height;
        for (int y = 0; y < height; y++) {
            int row = (int) ((y + 0.5) * scaleY);
            for (int x = 0; x < width; x++) {
                int from = RgbImage.CHANNELS * (row * image.width() + (int) ((x + 0.5) * scaleX));
                System.arraycopy(image.rgb(), from, target, RgbImage.CHANNELS * (y * width + x), RgbImage.CHANNELS);
            }
        }
        return new RgbImage(width, height, target);
    }

    private RgbImage columns(RgbImage image, int width) {
        byte[] target = new byte[RgbImage.CHANNELS * width * image.height()];
        for (int x = 0; x < width; x++) {
            Weights weights = weights(image.width(), width, x);
            for (int y = 0; y < image.height(); y++) {
                int from = RgbImage.CHANNELS * (y * image.width() + weights.first);
                weights.sum(image.rgb(), from, RgbImage.CHANNELS, target, RgbImage.CHANNELS * (y * width + x));
            }
        }
        return new RgbImage(width, image.height(), target);
    }

    private RgbImage rows(RgbImage image, int height) {
        int stride = RgbImage.CHANNELS * image.width();
        byte[] target = new byte[stride * height];
        for (int y = 0; y < height; y++) {
            Weights weights = weights(image.height(), height, y);
            for (int x = 0; x < image.width(); x++) {
                int at = RgbImage.CHANNELS * x;
                weights.sum(image.rgb(), weights.first * stride + at, stride, target, y * stride + at);
            }
        }
        return new RgbImage(image.width(), height, target);
    }

    /** What the pixels from {@code first} on count for one target pixel. */
    private record Weights(int first, int[] values) {

        void sum(byte[] source, int from, int stride, byte[] target, int to) {
            for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                int sum = 1 << PRECISION - 1;
                for (int i = 0; i < values.length; i++) {
                    sum += (source[from + i * stride + channel] & 0xFF) * values[i];
                }
                target[to + channel] = (byte) Math.clamp(sum >> PRECISION, 0, 255);
            }
        }
    }

    private Weights weights(int size, int targetSize, int index) {
        double scale = (double) size / targetSize;
        double stretch = Math.max(1, scale);
        double reach = support * stretch;
        double centre = (index + 0.5) * scale;
        int first = Math.max(0, (int) (centre - reach + 0.5));
        int end = Math.min(size, (int) (centre + reach + 0.5));
        double[] exact = new double[end - first];
        double total = 0;
        for (int i = 0; i < exact.length; i++) {
            exact[i] = filter((i + first - centre + 0.5) * (1 / stretch));
            total += exact[i];
        }
        int[] fixed = new int[exact.length];
        for (int i = 0; i < exact.length; i++) {
            double share = (total == 0 ? exact[i] : exact[i] / total) * (1 << PRECISION);
            fixed[i] = (int) (share < 0 ? share - 0.5 : share + 0.5);
        }
        return new Weights(first, fixed);
    }

    private double filter(double at) {
        double x = Math.abs(at);
        return switch (this) {
            case NEAREST -> throw new AssertionError(this);
            case BOX -> at > -0.5 && at <= 0.5 ? 1 : 0;
            case BILINEAR -> Math.max(0, 1 - x);
            case HAMMING -> x == 0 ? 1 : x >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x));
            case BICUBIC -> cubic(x);
            case LANCZOS -> at >= -3 && at < 3 ? sinc(x) * sinc(x / 3) : 0;
        };
    }

    private static double cubic(double x) {
        if (x < 1) {
            return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * CUBIC : 0;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }
}
