package io.shiftadd.model.layers;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementary functions of float vectors from additions, multiplications and fused multiply-adds alone.
 *
 * <p>The Vector API's own {@code EXP} and {@code TANH} give other bits in interpreted than in compiled code, and its
 * {@code reduceLanes} leaves the order of additions open. Here every operation is an IEEE one in a fixed order, so that
 * a run can be repeated bit for bit. Errors are those of the tests: at most 2 units in the last place for {@link #exp},
 * 1e-6 absolute for {@link #tanh} and {@link #erf}.
 */
public final class VectorMath {

    /** At most 512 bits, which {@link #sum} covers; wider machines use a part of their registers. */
    public static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;

    /** Lanes of {@link #SPECIES}. */
    public static final int LANES = SPECIES.length();

    /** Bytes that become a vector of floats; of four there is none. */
    private static final VectorSpecies<Byte> BYTES = LANES == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

    // Lane i and lane i xor d exchanged: adding a vector to its exchanged self for d = 8, 4, 2, 1 sums all lanes.
    private static final VectorShuffle<Float> EXCHANGE_8 = VectorShuffle.fromOp(SPECIES, i -> (i ^ 8) % LANES);
    private static final VectorShuffle<Float> EXCHANGE_4 = VectorShuffle.fromOp(SPECIES, i -> (i ^ 4) % LANES);
    private static final VectorShuffle<Float> EXCHANGE_2 = VectorShuffle.fromOp(SPECIES, i -> (i ^ 2) % LANES);
    private static final VectorShuffle<Float> EXCHANGE_1 = VectorShuffle.fromOp(SPECIES, i -> (i ^ 1) % LANES);

    // exp: results stay normal floats, which 2^n built from exponent bits needs.
    private static final float EXP_MIN = -87.33654f;
    private static final float EXP_MAX = 88.37626f;
    private static final float LOG2_E = 1.44269504f;
    /** ln 2 in two parts; n·LN2_HIGH is exact for |n| ≤ 256. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;
    /** Adding and subtracting 1.5·2^23 rounds to the nearest whole number, which is then in the low bits. */
    private static final float ROUND = 12582912f;

    /** Beyond it tanh is ±1 in float. */
    private static final float TANH_MAX = 7.90531111f;

    private VectorMath() {}

    /** Sum of the lanes, always in the same order. */
    public static float sum(FloatVector v) {
        FloatVector s = v;
        if (LANES > 8) {
            s = s.add(s.rearrange(EXCHANGE_8));
        }
        if (LANES > 4) {
            s = s.add(s.rearrange(EXCHANGE_4));
        }
        if (LANES > 2) {
            s = s.add(s.rearrange(EXCHANGE_2));
        }
        return s.add(s.rearrange(EXCHANGE_1)).lane(0);
    }

    /** Whether {@link #widen} can be called. */
    public static boolean canWiden() {
        return BYTES.length() == LANES;
    }

    /** As many signed bytes as a vector has lanes, as floats. */
    public static FloatVector widen(byte[] source, int at) {
        return ByteVector.fromArray(BYTES, source, at)
                .convertShape(VectorOperators.B2F, SPECIES, 0)
                .reinterpretAsFloats();
    }

    /** e^x for −87.3 ≤ x ≤ 88.3, constant beyond; source: Cephes, {@code expf}. */
    public static FloatVector exp(FloatVector x) {
        return expWithin(x.max(EXP_MIN).min(EXP_MAX));
    }

    /** The same bits as {@link #exp} of what is at most 0: comparing costs a third of the API's minimum and maximum. */
    public static FloatVector expOfNegative(FloatVector x) {
        return expWithin(x.blend(EXP_MIN, x.compare(VectorOperators.LT, EXP_MIN)));
    }

    private static FloatVector expWithin(FloatVector clamped) {
        FloatVector shifted =
                clamped.fma(FloatVector.broadcast(SPECIES, LOG2_E), FloatVector.broadcast(SPECIES, ROUND));
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), clamped);
        r = n.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), r);
        FloatVector p = FloatVector.broadcast(SPECIES, 1.9875691500e-4f);
        p = p.fma(r, FloatVector.broadcast(SPECIES, 1.3981999507e-3f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 8.3334519073e-3f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 4.1665795894e-2f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 1.6666665459e-1f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 5.0000001201e-1f));
        p = p.fma(r.mul(r), r).add(1f);
        IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }

    /** tanh x as a quotient of polynomials; source: Eigen, {@code generic_fast_tanh_float}. */
    public static FloatVector tanh(FloatVector x) {
        FloatVector v = x.max(-TANH_MAX).min(TANH_MAX);
        FloatVector s = v.mul(v);
        FloatVector p = FloatVector.broadcast(SPECIES, -2.76076847742355e-16f);
        p = p.fma(s, FloatVector.broadcast(SPECIES, 2.00018790482477e-13f));
        p = p.fma(s, FloatVector.broadcast(SPECIES, -8.60467152213735e-11f));
        p = p.fma(s, FloatVector.broadcast(SPECIES, 5.12229709037114e-08f));
        p = p.fma(s, FloatVector.broadcast(SPECIES, 1.48572235717979e-05f));
        p = p.fma(s, FloatVector.broadcast(SPECIES, 6.37261928875436e-04f));
        p = p.fma(s, FloatVector.broadcast(SPECIES, 4.89352455891786e-03f)).mul(v);
        FloatVector q = FloatVector.broadcast(SPECIES, 1.19825839466702e-06f);
        q = q.fma(s, FloatVector.broadcast(SPECIES, 1.18534705686654e-04f));
        q = q.fma(s, FloatVector.broadcast(SPECIES, 2.26843463243900e-03f));
        q = q.fma(s, FloatVector.broadcast(SPECIES, 4.89352518554385e-03f));
        return p.div(q);
    }

    /** The error function; source: Numerical Recipes, {@code erfcc}, relative error of 1 − erf below 2e-7. */
    public static FloatVector erf(FloatVector x) {
        FloatVector z = x.abs();
        FloatVector t = FloatVector.broadcast(SPECIES, 1f)
                .div(z.fma(FloatVector.broadcast(SPECIES, 0.5f), FloatVector.broadcast(SPECIES, 1f)));
        FloatVector p = FloatVector.broadcast(SPECIES, 0.17087277f);
        p = p.fma(t, FloatVector.broadcast(SPECIES, -0.82215223f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, 1.48851587f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, -1.13520398f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, 0.27886807f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, -0.18628806f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, 0.09678418f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, 0.37409196f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, 1.00002368f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, -1.26551223f));
        FloatVector complement = exp(p.sub(z.mul(z))).mul(t);
        FloatVector erf = FloatVector.broadcast(SPECIES, 1f).sub(complement);
        return erf.blend(erf.neg(), x.test(VectorOperators.IS_NEGATIVE));
    }

    /** {@code c·tanh(x/c)}. */
    public static FloatVector softCap(FloatVector x, float cap) {
        return tanh(x.div(cap)).mul(cap);
    }
}
