package io.shiftadd.model.layers;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.family.ModelConfig.NormSettings;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Normalization of each token's vector: {@code x/√(mean(x²) + ε)·w}, or {@code (x − mean)/√(variance + ε)·w + b}. In
 * float; each token by itself and always in the same order.
 */
public final class Norm {

    private static final float[] NONE = {};

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;

    private final NormSettings settings;
    private final float[] weight;
    private final float @Nullable [] bias;

    /** @param weight as it is multiplied: with 1 already added where it is stored as the difference from 1 */
    Norm(NormSettings settings, float[] weight, float @Nullable [] bias) {
        this.settings = settings;
        this.weight = weight;
        this.bias = bias;
    }

    public NormSettings settings() {
        return settings;
    }

    /** A copy, {@code [width]}: as it is multiplied, with 1 added where it is stored as the difference from 1. */
    public float[] weight() {
        return weight.clone();
    }

    /** A copy, {@code [width]}, or null. */
    public float @Nullable [] bias() {
        return bias == null ? null : bias.clone();
    }

    /**
     * Puts other parameters in the place of these, as {@link #weight()} and {@link #bias()} give them; not while it
     * runs.
     */
    public void replace(float[] otherWeight, float @Nullable [] otherBias) {
        if (otherWeight.length != weight.length || (otherBias == null) != (bias == null)) {
            throw new IllegalArgumentException("a norm of " + weight.length + " elements "
                    + (bias == null ? "without" : "with") + " a bias cannot get one of " + otherWeight.length);
        }
        System.arraycopy(otherWeight, 0, weight, 0, weight.length);
        if (bias != null && otherBias != null) {
            System.arraycopy(otherBias, 0, bias, 0, bias.length);
        }
    }

    int width() {
        return weight.length;
    }

    /** Normalizes one vector, from {@code x} at {@code from} to {@code y} at {@code to}; both may be the same place. */
    public void apply(float[] x, int from, float[] y, int to) {
        int n = weight.length;
        float mean = settings.kind() == NormSettings.Kind.LAYER ? sum(x, from, n) / n : 0;
        float variance = squares(x, from, n, mean) / n;
        float scale = (float) (1 / Math.sqrt(variance + settings.epsilon()));
        for (int i = 0; i < n; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(SPECIES, x, from + i, mask)
                    .sub(mean)
                    .mul(scale)
                    .mul(FloatVector.fromArray(SPECIES, weight, i, mask));
            if (bias != null) {
                v = v.add(FloatVector.fromArray(SPECIES, bias, i, mask));
            }
            v.intoArray(y, to + i, mask);
        }
    }

    private static float sum(float[] x, int from, int n) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += VectorMath.LANES) {
            sum = FloatVector.fromArray(SPECIES, x, from + i, SPECIES.indexInRange(i, n))
                    .add(sum);
        }
        return VectorMath.sum(sum);
    }

    private static float squares(float[] x, int from, int n, float mean) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(SPECIES, x, from + i, mask).sub(mean, mask);
            sum = v.fma(v, sum);
        }
        return VectorMath.sum(sum);
    }

    /** The norm of all tokens, divided among the threads. */
    public static final class Task implements KernelContext.ChunkTask {

        private @Nullable Norm norm;
        private float[] x = NONE;
        private float[] y = NONE;
        private int tokens;

        public void run(Norm norm, float[] x, float[] y, int tokens, KernelContext context) {
            this.norm = norm;
            this.x = x;
            this.y = y;
            this.tokens = tokens;
            TokenChunks.run(tokens, norm.width(), context, this);
        }

        @Override
        public void run(int chunk, int worker) {
            Norm current = norm;
            if (current == null) {
                return;
            }
            int width = current.width();
            int end = TokenChunks.end(chunk, tokens, width);
            for (int t = TokenChunks.begin(chunk, width); t < end; t++) {
                current.apply(x, t * width, y, t * width);
            }
        }
    }
}
