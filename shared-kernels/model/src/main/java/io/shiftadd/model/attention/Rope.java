package io.shiftadd.model.attention;

import io.shiftadd.model.family.Positions.RopeScaling;
import io.shiftadd.model.family.Positions.Rotation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding: element i of a head's first half and element i of its second half are rotated together by
 * the angle {@code position·frequency[i]}.
 *
 * <p>Frequencies and angles are rounded to float where the reference implementation does, sine and cosine are correctly
 * rounded. A table of them is filled a block of positions at a time, when a position is first used. Thread-safe.
 */
public final class Rope {

    private static final int BLOCK = 256;

    private final int half;
    private final double theta;
    private final RopeScaling scaling;
    private final int contextLength;
    private final float attentionFactor;
    private final float[] frequencies;

    /** Per block of positions: cosines, then sines, of each position's {@code half} angles. Replaced when it grows. */
    private volatile float[] @Nullable [] blocks = {};

    /** Of sequences that are longer than the original context, where those have other frequencies; else null. */
    private final @Nullable Rope longer;

    /** @param dimensions of a head that are rotated */
    public Rope(Rotation rotation, int dimensions, int contextLength) {
        this(rotation, dimensions, contextLength, contextLength);
    }

    private Rope(Rotation rotation, int dimensions, int contextLength, int sequenceLength) {
        this.half = dimensions / 2;
        this.theta = rotation.theta();
        this.scaling = rotation.scaling();
        this.contextLength = contextLength;
        this.attentionFactor = switch (scaling) {
            case RopeScaling.Yarn yarn -> (float) yarn.attentionFactor();
            case RopeScaling.Long longRope -> (float) longRope.attentionFactor();
            default -> 1;
        };
        boolean switches = scaling instanceof RopeScaling.Long longRope
                && sequenceLength <= contextLength
                && longRope.originalContextLength() > 0;
        this.frequencies = frequencies(switches ? 1 : sequenceLength);
        this.longer = switches ? new Rope(rotation, dimensions, contextLength, Integer.MAX_VALUE) : null;
    }

    /** Pairs of a head's vector that turn. */
    public int half() {
        return half;
    }

    /**
     * Whether frequencies depend on the length of the sequence: then {@link #compute} gives the angles. They do in
     * dynamic and long scaling, beyond a length; keys rotated before keep their angles, as in the reference.
     */
    boolean dependsOnLength(int sequenceLength) {
        return switch (scaling) {
            case RopeScaling.DynamicNtk _ -> sequenceLength > contextLength;
            case RopeScaling.Long longRope -> sequenceLength > longRope.originalContextLength();
            default -> false;
        };
    }

    /** The table that holds a position's angles: cosines at {@link #offset}, sines {@code half} later. */
    float[] table(int position) {
        int index = position / BLOCK;
        float[] @Nullable [] known = blocks;
        float[] block = index < known.length ? known[index] : null;
        return block != null ? block : add(index);
    }

    private synchronized float[] add(int index) {
        float[] @Nullable [] grown = Arrays.copyOf(blocks, Math.max(blocks.length, index + 1));
        float[] block = grown[index];
        if (block == null) {
            block = new float[BLOCK * 2 * half];
            for (int i = 0; i < BLOCK; i++) {
                fill(index * BLOCK + i, frequencies, block, i * 2 * half);
            }
            grown[index] = block;
            blocks = grown;
        }
        return block;
    }

    int offset(int position) {
        return position % BLOCK * 2 * half;
    }

    /** Cosines and sines of a position in a sequence of the given length, into {@code target}. */
    public void compute(int position, int sequenceLength, float[] target) {
        if (longer == null) {
            fill(position, frequencies(sequenceLength), target, 0);
        } else {
            System.arraycopy(longer.table(position), longer.offset(position), target, 0, 2 * half);
        }
    }

    private void fill(int position, float[] frequencies, float[] target, int at) {
        for (int i = 0; i < half; i++) {
            double angle = position * frequencies[i];
            target[at + i] = (float) Math.cos(angle) * attentionFactor;
            target[at + half + i] = (float) Math.sin(angle) * attentionFactor;
        }
    }

    private float[] frequencies(int sequenceLength) {
        double base = theta;
        if (scaling instanceof RopeScaling.DynamicNtk dynamic && sequenceLength > contextLength) {
            // In float, as the reference computes it once the length is a tensor.
            float ratio = (float) (dynamic.factor() * sequenceLength) / contextLength;
            float stretch = ratio - (float) (dynamic.factor() - 1);
            base = (float) theta * (float) Math.pow(stretch, 2.0 * half / (2.0 * half - 2));
        }
        float[] frequencies = new float[half];
        for (int i = 0; i < half; i++) {
            frequencies[i] = 1 / (float) Math.pow(base, (float) i / half);
        }
        switch (scaling) {
            case RopeScaling.None _, RopeScaling.DynamicNtk _ -> {}
            case RopeScaling.Linear linear -> divide(frequencies, (float) linear.factor());
            case RopeScaling.Llama3 llama3 -> scale(frequencies, llama3);
            case RopeScaling.Yarn yarn -> scale(frequencies, yarn);
            case RopeScaling.Long longRope -> scale(base, frequencies, longRope, sequenceLength);
        }
        return frequencies;
    }

    /** The factors come before the reciprocal, as in the reference. */
    private void scale(double base, float[] frequencies, RopeScaling.Long s, int sequenceLength) {
        List<Double> factors = sequenceLength > s.originalContextLength() ? s.longFactors() : s.shortFactors();
        for (int i = 0; i < half; i++) {
            frequencies[i] = 1 / (factors.get(i).floatValue() * (float) Math.pow(base, (float) i / half));
        }
    }

    private static void divide(float[] frequencies, float factor) {
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] /= factor;
        }
    }

    /** Source: the LLaMA 3.1 reference code, {@code apply_scaling}. */
    private static void scale(float[] frequencies, RopeScaling.Llama3 s) {
        double longWave = s.originalContextLength() / s.lowFrequencyFactor();
        double shortWave = s.originalContextLength() / s.highFrequencyFactor();
        for (int i = 0; i < frequencies.length; i++) {
            float frequency = frequencies[i];
            float wave = (float) (2 * Math.PI) / frequency;
            if (wave > longWave) {
                frequencies[i] = frequency / (float) s.factor();
            } else if (wave >= shortWave) {
                float smooth = (s.originalContextLength() / wave - (float) s.lowFrequencyFactor())
                        / (float) (s.highFrequencyFactor() - s.lowFrequencyFactor());
                frequencies[i] = (1 - smooth) * frequency / (float) s.factor() + smooth * frequency;
            }
        }
    }

    /** Source: YaRN (arXiv 2309.00071), section 3.2, "NTK-by-parts". */
    private void scale(float[] frequencies, RopeScaling.Yarn s) {
        double low = yarnDimension(s.betaFast(), s.originalContextLength());
        double high = yarnDimension(s.betaSlow(), s.originalContextLength());
        if (s.truncate()) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, 2.0 * half - 1);
        if (low == high) {
            high += 0.001;
        }
        for (int i = 0; i < frequencies.length; i++) {
            float ramp = Math.clamp((i - (float) low) / (float) (high - low), 0f, 1f);
            float interpolated = frequencies[i] / (float) s.factor();
            frequencies[i] = interpolated * ramp + frequencies[i] * (1 - ramp);
        }
    }

    /** The element whose angle goes round {@code rotations} times in the original context. */
    private double yarnDimension(double rotations, int originalContext) {
        return 2.0 * half * Math.log(originalContext / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
    }
}
