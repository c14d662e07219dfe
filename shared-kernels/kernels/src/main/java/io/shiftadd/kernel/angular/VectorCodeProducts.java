package io.shiftadd.kernel.angular;

import io.shiftadd.kernel.species.VectorLength;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A vector of elements at a time by tables of the sixteen sums of four vectors. Of values, a table serves sixteen bits
 * of four tokens: eleven additions make it, sixteen use it, where masks would take sixty-four. Of sums by code, the
 * tables serve all tokens. What does not fill a vector, and bits beyond the last sixteen, go through plain loops.
 */
final class VectorCodeProducts implements CodeProducts.OnVectors {

    private static final VectorSpecies<Float> SPECIES = VectorLength.species(MethodHandles.lookup(), float.class);
    private static final int LANES = SPECIES.length();
    private static final int ENTRIES = 16;
    private static final int GROUP = 4;

    /** Bits whose sums are in registers at a time. */
    private static final int BITS = 16;

    /** The first of each four bits. */
    private static final long FIRST = 0x1111_1111_1111_1111L;

    private static final int LOW_BITS = 0xFFFF;

    private final ScalarCodeProducts plain = new ScalarCodeProducts();

    @Override
    public void sumByCode(
            long[] codes,
            int first,
            int tokens,
            int bits,
            float[] values,
            int from,
            int stride,
            int width,
            float[] sums,
            int at) {
        int whole = bits / BITS * BITS;
        int vectors = width / LANES * LANES;
        if (whole < bits || vectors < width) {
            plain.sumByCode(codes, first, tokens, bits, values, from, stride, width, sums, at);
        }
        for (int bit = 0; bit < whole; bit += BITS) {
            for (int i = 0; i < vectors; i += LANES) {
                sixteenBits(codes, first, tokens, bit, values, from + i, stride, sums, at + bit * width + i, width);
            }
        }
    }

    /** The sums of sixteen bits over all tokens, of one vector of elements. */
    private static void sixteenBits(
            long[] codes,
            int first,
            int tokens,
            int bit,
            float[] values,
            int from,
            int stride,
            float[] sums,
            int at,
            int width) {
        // Of a length that the compiler sees: entries are then read without a check.
        float[] table = new float[ENTRIES * LANES];
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector a4 = FloatVector.zero(SPECIES);
        FloatVector a5 = FloatVector.zero(SPECIES);
        FloatVector a6 = FloatVector.zero(SPECIES);
        FloatVector a7 = FloatVector.zero(SPECIES);
        FloatVector a8 = FloatVector.zero(SPECIES);
        FloatVector a9 = FloatVector.zero(SPECIES);
        FloatVector a10 = FloatVector.zero(SPECIES);
        FloatVector a11 = FloatVector.zero(SPECIES);
        FloatVector a12 = FloatVector.zero(SPECIES);
        FloatVector a13 = FloatVector.zero(SPECIES);
        FloatVector a14 = FloatVector.zero(SPECIES);
        FloatVector a15 = FloatVector.zero(SPECIES);
        for (int token = 0; token < tokens; token += GROUP) {
            // Of tokens behind the last no bit is set, so that it does not matter what they have.
            int last = tokens - 1;
            int second = Math.min(token + 1, last);
            int third = Math.min(token + 2, last);
            int fourth = Math.min(token + 3, last);
            FloatVector v0 = FloatVector.fromArray(SPECIES, values, from + token * stride);
            FloatVector v1 = FloatVector.fromArray(SPECIES, values, from + second * stride);
            FloatVector v2 = FloatVector.fromArray(SPECIES, values, from + third * stride);
            FloatVector v3 = FloatVector.fromArray(SPECIES, values, from + fourth * stride);
            FloatVector v01 = v0.add(v1);
            FloatVector v23 = v2.add(v3);
            v0.intoArray(table, LANES);
            v1.intoArray(table, 2 * LANES);
            v01.intoArray(table, 3 * LANES);
            v2.intoArray(table, 4 * LANES);
            v0.add(v2).intoArray(table, 5 * LANES);
            v1.add(v2).intoArray(table, 6 * LANES);
            v01.add(v2).intoArray(table, 7 * LANES);
            v3.intoArray(table, 8 * LANES);
            v0.add(v3).intoArray(table, 9 * LANES);
            v1.add(v3).intoArray(table, 10 * LANES);
            v01.add(v3).intoArray(table, 11 * LANES);
            v23.intoArray(table, 12 * LANES);
            v0.add(v23).intoArray(table, 13 * LANES);
            v1.add(v23).intoArray(table, 14 * LANES);
            v01.add(v23).intoArray(table, 15 * LANES);
            long four = Long.expand(codes[first + token] >>> bit & LOW_BITS, FIRST);
            if (second > token) {
                four |= Long.expand(codes[first + second] >>> bit & LOW_BITS, FIRST << 1);
            }
            if (third > second) {
                four |= Long.expand(codes[first + third] >>> bit & LOW_BITS, FIRST << 2);
            }
            if (fourth > third) {
                four |= Long.expand(codes[first + fourth] >>> bit & LOW_BITS, FIRST << 3);
            }
            a0 = a0.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 0) & 15) * LANES));
            a1 = a1.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 4) & 15) * LANES));
            a2 = a2.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 8) & 15) * LANES));
            a3 = a3.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 12) & 15) * LANES));
            a4 = a4.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 16) & 15) * LANES));
            a5 = a5.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 20) & 15) * LANES));
            a6 = a6.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 24) & 15) * LANES));
            a7 = a7.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 28) & 15) * LANES));
            a8 = a8.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 32) & 15) * LANES));
            a9 = a9.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 36) & 15) * LANES));
            a10 = a10.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 40) & 15) * LANES));
            a11 = a11.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 44) & 15) * LANES));
            a12 = a12.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 48) & 15) * LANES));
            a13 = a13.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 52) & 15) * LANES));
            a14 = a14.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 56) & 15) * LANES));
            a15 = a15.add(FloatVector.fromArray(SPECIES, table, ((int) (four >>> 60) & 15) * LANES));
        }
        a0.intoArray(sums, at + 0 * width);
        a1.intoArray(sums, at + 1 * width);
        a2.intoArray(sums, at + 2 * width);
        a3.intoArray(sums, at + 3 * width);
        a4.intoArray(sums, at + 4 * width);
        a5.intoArray(sums, at + 5 * width);
        a6.intoArray(sums, at + 6 * width);
        a7.intoArray(sums, at + 7 * width);
        a8.intoArray(sums, at + 8 * width);
        a9.intoArray(sums, at + 9 * width);
        a10.intoArray(sums, at + 10 * width);
        a11.intoArray(sums, at + 11 * width);
        a12.intoArray(sums, at + 12 * width);
        a13.intoArray(sums, at + 13 * width);
        a14.intoArray(sums, at + 14 * width);
        a15.intoArray(sums, at + 15 * width);
    }

    @Override
    public void addByCode(
            long[] codes,
            int first,
            int tokens,
            int bits,
            float[] sums,
            int at,
            int width,
            float[] result,
            int to,
            int stride) {
        int vectors = width / LANES * LANES;
        if (vectors < width) {
            plain.addByCode(codes, first, tokens, bits, sums, at, width, result, to, stride);
        }
        float[] tables = new float[MAX_BITS / GROUP * ENTRIES * LANES];
        int groups = Math.ceilDiv(bits, GROUP);
        for (int i = 0; i < vectors; i += LANES) {
            for (int group = 0; group < groups; group++) {
                fill(tables, group * ENTRIES * LANES, sums, at + i, group * GROUP, bits, width);
            }
            int token = 0;
            for (; token + GROUP <= tokens; token += GROUP) {
                fourTokens(codes, first + token, groups, tables, result, to + token * stride + i, stride);
            }
            for (; token < tokens; token++) {
                oneToken(codes[first + token], groups, tables, result, to + token * stride + i);
            }
        }
    }

    private static void fill(float[] tables, int table, float[] sums, int at, int bit, int bits, int width) {
        Arrays.fill(tables, table, table + LANES, 0);
        for (int j = 0; j < GROUP; j++) {
            FloatVector one = bit + j < bits
                    ? FloatVector.fromArray(SPECIES, sums, at + (bit + j) * width)
                    : FloatVector.zero(SPECIES);
            one.intoArray(tables, table + (1 << j) * LANES);
        }
        add(tables, table, 1, 2);
        add(tables, table, 4, 8);
        for (int low = 1; low < GROUP; low++) {
            for (int high = GROUP; high < ENTRIES; high += GROUP) {
                add(tables, table, low, high);
            }
        }
    }

    private static void add(float[] tables, int table, int low, int high) {
        FloatVector.fromArray(SPECIES, tables, table + low * LANES)
                .add(FloatVector.fromArray(SPECIES, tables, table + high * LANES))
                .intoArray(tables, table + (low | high) * LANES);
    }

    /** Side by side: the additions of one token wait for each other. */
    private static void fourTokens(
            long[] codes, int first, int groups, float[] tables, float[] result, int to, int stride) {
        long c0 = codes[first];
        long c1 = codes[first + 1];
        long c2 = codes[first + 2];
        long c3 = codes[first + 3];
        FloatVector x0 = FloatVector.zero(SPECIES);
        FloatVector x1 = FloatVector.zero(SPECIES);
        FloatVector x2 = FloatVector.zero(SPECIES);
        FloatVector x3 = FloatVector.zero(SPECIES);
        for (int group = 0; group < groups; group++) {
            int table = group * ENTRIES * LANES;
            x0 = x0.add(FloatVector.fromArray(SPECIES, tables, table + ((int) c0 & 15) * LANES));
            x1 = x1.add(FloatVector.fromArray(SPECIES, tables, table + ((int) c1 & 15) * LANES));
            x2 = x2.add(FloatVector.fromArray(SPECIES, tables, table + ((int) c2 & 15) * LANES));
            x3 = x3.add(FloatVector.fromArray(SPECIES, tables, table + ((int) c3 & 15) * LANES));
            c0 >>>= GROUP;
            c1 >>>= GROUP;
            c2 >>>= GROUP;
            c3 >>>= GROUP;
        }
        x0.intoArray(result, to);
        x1.intoArray(result, to + stride);
        x2.intoArray(result, to + 2 * stride);
        x3.intoArray(result, to + 3 * stride);
    }

    private static void oneToken(long code, int groups, float[] tables, float[] result, int to) {
        FloatVector x = FloatVector.zero(SPECIES);
        long rest = code;
        for (int group = 0; group < groups; group++) {
            int entry = (int) rest & ENTRIES - 1;
            x = x.add(FloatVector.fromArray(SPECIES, tables, (group * ENTRIES + entry) * LANES));
            rest >>>= GROUP;
        }
        x.intoArray(result, to);
    }
}
