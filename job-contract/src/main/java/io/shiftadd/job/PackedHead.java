package io.shiftadd.job;

import org.jspecify.annotations.Nullable;

/**
 * In how many bits a job packs the language-model head. Every token reads the head as a whole, so where it is a large
 * part of the result it sets the speed, and packing it costs hardly any accuracy (docs/results.md has the figures).
 */
public final class PackedHead {

    /** Fewer are not offered: the head's errors are the answer's. */
    public static final int LEAST = 4;

    /** What a request says to leave the head as it is. */
    public static final int NONE = 0;

    /** Where a request does not say. */
    private static final int BITS = 6;

    /** A head that is no more than one of so many parts of the result stays as it is. */
    private static final int PARTS = 5;

    private PackedHead() {}

    /**
     * @param asked bits that the request names; 0 for none, null when it does not say
     * @return null where the head stays as it is
     */
    public static @Nullable Integer bits(
            @Nullable Integer asked, ModelDimensions model, Method method, @Nullable Size size) {
        if (asked != null) {
            return asked == NONE ? null : asked;
        }
        return method.shiftsAndAdds() && PARTS * headBytes(model) > resultBytes(model, size) ? BITS : null;
    }

    /** In 16 bits a weight, as all that is not packed is counted here. */
    private static long headBytes(ModelDimensions model) {
        return (long) model.vocabularySize() * model.hiddenSize() * Short.BYTES;
    }

    private static long resultBytes(ModelDimensions model, @Nullable Size size) {
        long linear = model.linearWeights();
        long rest = Math.max(0, model.parameters() - linear) * Short.BYTES;
        return rest
                + switch (size) {
                    case Size.Bits(int bits) -> linear * bits / Byte.SIZE;
                    case Size.MeanBits(double bits) -> Math.round(linear * bits / Byte.SIZE);
                    case Size.Bytes(long bytes) -> bytes;
                    case Size.PerplexityIncrease _ ->
                        linear * NumberSetting.BITS.most().intValueExact() / Byte.SIZE;
                    case null -> linear * NumberSetting.BITS.most().intValueExact() / Byte.SIZE;
                };
    }
}
