package io.shiftadd.quantize.backward;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.family.Activation;
import io.shiftadd.model.layers.VectorMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Activation functions f with their slopes f′, elementwise over arrays. One loop for each function and purpose, because
 * a vector that leaves a method is put on the heap.
 */
final class ActivationPass {

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;

    /** Elements that are one thread's work. */
    private static final int CHUNK = 1 << 15;

    private static final float SQRT_HALF = 0.70710678f;
    private static final float GELU_SCALE = 0.7978845608f; // √(2/π)
    private static final float GELU_CUBE = 0.044715f;
    private static final float QUICK_GELU_SCALE = 1.702f;
    private static final float DENSITY = 0.3989422804f; // 1/√(2π)

    private ActivationPass() {}

    /** {@code y = f(x)}. */
    static void forward(Activation activation, float[] x, float[] y, int count, KernelContext context) {
        chunks(count, context, (from, to) -> values(activation, x, y, from, to));
    }

    /** {@code dx = f′(x)·dy}. */
    static void backward(Activation activation, float[] x, float[] dy, float[] dx, int count, KernelContext context) {
        chunks(count, context, (from, to) -> {
            slopes(activation, x, dx, from, to);
            multiply(dy, dx, from, to);
        });
    }

    /** {@code y = f(gate)·up}. */
    static void gate(Activation activation, float[] gate, float[] up, float[] y, int count, KernelContext context) {
        chunks(count, context, (from, to) -> {
            values(activation, gate, y, from, to);
            multiply(up, y, from, to);
        });
    }

    /** {@code dGate = f′(gate)·up·dy}, {@code dUp = f(gate)·dy}. */
    static void gateBackward(
            Activation activation,
            float[] gate,
            float[] up,
            float[] dy,
            float[] dGate,
            float[] dUp,
            int count,
            KernelContext context) {
        chunks(count, context, (from, to) -> {
            slopes(activation, gate, dGate, from, to);
            multiply(up, dGate, from, to);
            multiply(dy, dGate, from, to);
            values(activation, gate, dUp, from, to);
            multiply(dy, dUp, from, to);
        });
    }

    /** {@code y += x·factor}. */
    static void add(float[] x, float factor, float[] y, int count, KernelContext context) {
        chunks(count, context, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] += x[i] * factor;
            }
        });
    }

    private static void multiply(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] *= x[i];
        }
    }

    private static void values(Activation activation, float[] x, float[] y, int from, int to) {
        switch (activation) {
            case RELU -> {
                for (int i = from; i < to; i++) {
                    y[i] = Math.max(0, x[i]);
                }
            }
            case RELU_SQUARED -> {
                for (int i = from; i < to; i++) {
                    y[i] = Math.max(0, x[i]) * Math.max(0, x[i]);
                }
            }
            case SILU -> sigmoidValues(1, x, y, from, to);
            case QUICK_GELU -> sigmoidValues(QUICK_GELU_SCALE, x, y, from, to);
            case GELU -> geluValues(x, y, from, to);
            case GELU_TANH -> geluTanhValues(x, y, from, to);
        }
    }

    private static void slopes(Activation activation, float[] x, float[] y, int from, int to) {
        switch (activation) {
            case RELU -> {
                for (int i = from; i < to; i++) {
                    y[i] = x[i] > 0 ? 1 : 0;
                }
            }
            case RELU_SQUARED -> {
                for (int i = from; i < to; i++) {
                    y[i] = 2 * Math.max(0, x[i]);
                }
            }
            case SILU -> sigmoidSlopes(1, x, y, from, to);
            case QUICK_GELU -> sigmoidSlopes(QUICK_GELU_SCALE, x, y, from, to);
            case GELU -> geluSlopes(x, y, from, to);
            case GELU_TANH -> geluTanhSlopes(x, y, from, to);
        }
    }

    private static void sigmoidValues(float scale, float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, mask);
            v.div(VectorMath.exp(v.mul(-scale)).add(1f)).intoArray(y, i, mask);
        }
    }

    /** {@code σ + scale·x·σ·(1 − σ)}, σ of scale·x. */
    private static void sigmoidSlopes(float scale, float[] x, float[] y, int from, int to) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, mask);
            FloatVector sigmoid = one.div(VectorMath.exp(v.mul(-scale)).add(1f));
            v.mul(scale).mul(one.sub(sigmoid)).add(1f).mul(sigmoid).intoArray(y, i, mask);
        }
    }

    private static void geluValues(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, mask);
            v.mul(0.5f).mul(VectorMath.erf(v.mul(SQRT_HALF)).add(1f)).intoArray(y, i, mask);
        }
    }

    /** {@code Φ(x) + x·φ(x)}. */
    private static void geluSlopes(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, mask);
            FloatVector density = VectorMath.exp(v.mul(v).mul(-0.5f)).mul(DENSITY);
            VectorMath.erf(v.mul(SQRT_HALF))
                    .add(1f)
                    .mul(0.5f)
                    .add(v.mul(density))
                    .intoArray(y, i, mask);
        }
    }

    private static void geluTanhValues(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, mask);
            FloatVector inner = v.mul(v).mul(v).mul(GELU_CUBE).add(v).mul(GELU_SCALE);
            v.mul(0.5f).mul(VectorMath.tanh(inner).add(1f)).intoArray(y, i, mask);
        }
    }

    /** {@code ½(1 + t) + ½x·(1 − t²)·√(2/π)·(1 + 3·0.044715·x²)}, t the hyperbolic tangent. */
    private static void geluTanhSlopes(float[] x, float[] y, int from, int to) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, mask);
            FloatVector square = v.mul(v);
            FloatVector t = VectorMath.tanh(square.mul(v).mul(GELU_CUBE).add(v).mul(GELU_SCALE));
            FloatVector steepness = square.mul(3 * GELU_CUBE).add(1f).mul(GELU_SCALE);
            v.mul(one.sub(t.mul(t))).mul(steepness).add(t).add(1f).mul(0.5f).intoArray(y, i, mask);
        }
    }

    @FunctionalInterface
    private interface Range {
        void run(int from, int to);
    }

    private static void chunks(int count, KernelContext context, Range task) {
        context.parallelFor(
                Math.ceilDiv(count, CHUNK),
                (chunk, _) -> task.run(chunk * CHUNK, Math.min(count, (chunk + 1) * CHUNK)));
    }
}
