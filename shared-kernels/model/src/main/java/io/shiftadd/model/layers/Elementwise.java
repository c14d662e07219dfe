package io.shiftadd.model.layers;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.family.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Activation functions, gating, residual addition and soft-capping, over rows of a token each. */
public final class Elementwise {

    private static final float[] NONE = {};

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
    private static final float SQRT_HALF = 0.70710678f;
    /** √(2/π). */
    private static final float GELU_SCALE = 0.7978845608f;

    private static final float GELU_CUBE = 0.044715f;
    private static final float QUICK_GELU_SCALE = 1.702f;

    private Elementwise() {}

    /** {@code x = f(x)}; one loop for each function, because a vector that leaves a method is put on the heap. */
    static void activate(Activation activation, float[] x, int from, int to) {
        switch (activation) {
            case RELU -> relu(x, from, to);
            case RELU_SQUARED -> reluSquared(x, from, to);
            case SILU -> silu(x, from, to);
            case GELU -> gelu(x, from, to);
            case GELU_TANH -> geluTanh(x, from, to);
            case QUICK_GELU -> quickGelu(x, from, to);
        }
    }

    private static void relu(float[] x, int from, int to) {
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, x, i, mask).max(0).intoArray(x, i, mask);
        }
    }

    private static void reluSquared(float[] x, int from, int to) {
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, mask).max(0);
            v.mul(v).intoArray(x, i, mask);
        }
    }

    private static void silu(float[] x, int from, int to) {
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, mask);
            v.div(VectorMath.exp(v.neg()).add(1f)).intoArray(x, i, mask);
        }
    }

    private static void gelu(float[] x, int from, int to) {
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, mask);
            v.mul(0.5f).mul(VectorMath.erf(v.mul(SQRT_HALF)).add(1f)).intoArray(x, i, mask);
        }
    }

    private static void geluTanh(float[] x, int from, int to) {
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, mask);
            FloatVector inner = v.mul(v).mul(v).fma(FloatVector.broadcast(SPECIES, GELU_CUBE), v);
            v.mul(0.5f).mul(VectorMath.tanh(inner.mul(GELU_SCALE)).add(1f)).intoArray(x, i, mask);
        }
    }

    private static void quickGelu(float[] x, int from, int to) {
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, mask);
            v.div(VectorMath.exp(v.mul(-QUICK_GELU_SCALE)).add(1f)).intoArray(x, i, mask);
        }
    }

    /** {@code y *= x}. */
    static void multiply(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, x, i, mask)
                    .mul(FloatVector.fromArray(SPECIES, y, i, mask))
                    .intoArray(y, i, mask);
        }
    }

    /** {@code y[to + i] += x[from + i]} for i below count. */
    public static void add(float[] x, int from, float[] y, int to, int count) {
        for (int i = 0; i < count; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, count);
            FloatVector.fromArray(SPECIES, x, from + i, mask)
                    .add(FloatVector.fromArray(SPECIES, y, to + i, mask))
                    .intoArray(y, to + i, mask);
        }
    }

    /** {@code y *= factor}. */
    public static void scale(float factor, float[] y, int from, int to) {
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, y, i, mask).mul(factor).intoArray(y, i, mask);
        }
    }

    /**
     * Rounds to 8 bits: whole 127ths of the largest magnitude. Source: transformers, integrations/bitnet.py, ActQuant.
     */
    static void round(float[] x, int from, int to) {
        float largest = 1e-5f;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Math.abs(x[i]));
        }
        float scale = 127 / largest;
        for (int i = from; i < to; i++) {
            x[i] = (float) Math.rint(x[i] * scale) / scale;
        }
    }

    /**
     * {@code y[i] = f(x[i])·x[width + i]} for i below width, x from {@code from} on and y from {@code to} on; x is
     * overwritten.
     */
    static void gateHalves(Activation activation, float[] x, int from, float[] y, int to, int width) {
        activate(activation, x, from, from + width);
        for (int i = 0; i < width; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, width);
            FloatVector.fromArray(SPECIES, x, from + i, mask)
                    .mul(FloatVector.fromArray(SPECIES, x, from + width + i, mask))
                    .intoArray(y, to + i, mask);
        }
    }

    /** {@code y = cap·tanh(y/cap)}. */
    static void softCap(float cap, float[] y, int from, int to) {
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            VectorMath.softCap(FloatVector.fromArray(SPECIES, y, i, mask), cap).intoArray(y, i, mask);
        }
    }

    /** One of these over all tokens, divided among the threads. */
    public static final class Task implements KernelContext.ChunkTask {

        private enum Operation {
            ACTIVATE,
            GATE,
            GATE_HALVES,
            ADD,
            SCALE,
            ROUND,
            SOFT_CAP
        }

        private Operation operation = Operation.ADD;
        private Activation activation = Activation.RELU;
        private float[] x = NONE;
        private float[] y = NONE;
        private float cap;
        private int tokens;
        private int width;

        public void activate(Activation f, float[] x, int tokens, int width, KernelContext context) {
            activation = f;
            run(Operation.ACTIVATE, x, x, tokens, width, context);
        }

        /** {@code y = f(x)·y}; x is overwritten. */
        public void gate(Activation f, float[] x, float[] y, int tokens, int width, KernelContext context) {
            activation = f;
            run(Operation.GATE, x, y, tokens, width, context);
        }

        /** {@code y[t, i] = f(x[t, i])·x[t, width + i]}; x is overwritten. */
        public void gateHalves(Activation f, float[] x, float[] y, int tokens, int width, KernelContext context) {
            activation = f;
            run(Operation.GATE_HALVES, x, y, tokens, width, context);
        }

        public void scale(float factor, float[] y, int tokens, int width, KernelContext context) {
            this.cap = factor;
            run(Operation.SCALE, y, y, tokens, width, context);
        }

        public void round(float[] x, int tokens, int width, KernelContext context) {
            run(Operation.ROUND, x, x, tokens, width, context);
        }

        public void add(float[] x, float[] y, int tokens, int width, KernelContext context) {
            run(Operation.ADD, x, y, tokens, width, context);
        }

        public void softCap(float cap, float[] y, int tokens, int width, KernelContext context) {
            this.cap = cap;
            run(Operation.SOFT_CAP, y, y, tokens, width, context);
        }

        private void run(Operation operation, float[] x, float[] y, int tokens, int width, KernelContext context) {
            this.operation = operation;
            this.x = x;
            this.y = y;
            this.tokens = tokens;
            this.width = width;
            TokenChunks.run(tokens, width, context, this);
        }

        @Override
        public void run(int chunk, int worker) {
            int from = TokenChunks.begin(chunk, width) * width;
            int to = TokenChunks.end(chunk, tokens, width) * width;
            switch (operation) {
                case ADD -> Elementwise.add(x, from, y, from, to - from);
                case SCALE -> Elementwise.scale(cap, y, from, to);
                case SOFT_CAP -> Elementwise.softCap(cap, y, from, to);
                case ROUND -> {
                    for (int at = from; at < to; at += width) {
                        Elementwise.round(x, at, at + width);
                    }
                }
                case GATE_HALVES -> {
                    for (int at = from; at < to; at += width) {
                        Elementwise.gateHalves(activation, x, 2 * at, y, at, width);
                    }
                }
                case ACTIVATE -> Elementwise.activate(activation, x, from, to);
                case GATE -> {
                    Elementwise.activate(activation, x, from, to);
                    multiply(x, y, from, to);
                }
            }
        }
    }
}
