package io.shiftadd.kernel.coding;

import java.util.Objects;

/**
 * Additive power-of-two scales {@code α = Σ_t s_t·2^{p_t}}, {@code s_t = ±1}, at most {@code terms} of them a scale.
 *
 * <p>{@code encoded} is {@code [bits, rowGroups, columnGroups, terms]}, row-major; a byte {@code v} is 0 for no term,
 * else the term is {@code sign(v)·2^(|v| − 64)}: exponents from −63 to 63. Unlike the public research code, the signs
 * of the residual terms are kept.
 *
 * <p>Source: ShiftAddLLM (You et al., 2024), section 4.1; the greedy rounding of each residual to the nearest power
 * of two in the logarithm.
 */
public record ApotScales(int bits, int rowGroups, int columnGroups, int terms, byte[] encoded) {

    /** Exponents of a term are within ±this. */
    public static final int MAX_EXPONENT = 63;

    /** More terms than this would be dearer than a wider scale. */
    public static final int MAX_TERMS = 4;

    private static final int EXPONENT_BIAS = MAX_EXPONENT + 1;
    private static final float[] TERM_VALUES = termValues();

    public ApotScales {
        Objects.requireNonNull(encoded, "encoded");
        if (bits < 1 || rowGroups < 0 || columnGroups < 0 || terms < 1 || terms > MAX_TERMS) {
            throw new IllegalArgumentException("scales of " + bits + " bits × " + rowGroups + " row groups × "
                    + columnGroups + " column groups × " + terms + " terms (1 to " + MAX_TERMS + ") cannot be");
        }
        int expected = Math.multiplyExact(Math.multiplyExact(bits, rowGroups), Math.multiplyExact(columnGroups, terms));
        if (encoded.length != expected) {
            throw new IllegalArgumentException("scales of shape [" + bits + ", " + rowGroups + ", " + columnGroups
                    + ", " + terms + "] take " + expected + " bytes, not " + encoded.length);
        }
    }

    /**
     * Rounds plain scales.
     *
     * @param alphas {@code [bits, rowGroups, columnGroups]}, row-major
     */
    public static ApotScales round(float[] alphas, int bits, int rowGroups, int columnGroups, int terms) {
        byte[] encoded = new byte[Math.multiplyExact(alphas.length, terms)];
        for (int i = 0; i < alphas.length; i++) {
            encode(alphas[i], terms, encoded, i * terms);
        }
        return new ApotScales(bits, rowGroups, columnGroups, terms, encoded);
    }

    /** The nearest value that the greedy rounding gives: what a fit uses inside its loop. */
    public static double round(double value, int terms) {
        double sum = 0;
        for (int t = 0; t < terms; t++) {
            sum += term(encodeTerm(value - sum));
        }
        return sum;
    }

    /** Writes the {@code terms} bytes of {@code value} at {@code offset}. */
    public static void encode(double value, int terms, byte[] encoded, int offset) {
        double residual = value;
        for (int t = 0; t < terms; t++) {
            byte term = encodeTerm(residual);
            encoded[offset + t] = term;
            residual -= term(term);
        }
    }

    /** The signed power of two of an encoded term; 0 for no term. */
    public static float term(byte encoded) {
        return TERM_VALUES[encoded & 0xFF];
    }

    /** α of one group: its terms added in their order, in float. */
    public float value(int bit, int rowGroup, int columnGroup) {
        int offset = offset(bit, rowGroup, columnGroup);
        float sum = 0;
        for (int t = 0; t < terms; t++) {
            sum += term(encoded[offset + t]);
        }
        return sum;
    }

    /** Where the terms of one group begin in {@link #encoded()}. */
    public int offset(int bit, int rowGroup, int columnGroup) {
        return ((bit * rowGroups + rowGroup) * columnGroups + columnGroup) * terms;
    }

    /** Number of scales of one bit. */
    public int groups() {
        return rowGroups * columnGroups;
    }

    /**
     * The power of two nearest to {@code value} in the logarithm, 0 if it is zero or below half the smallest term;
     * values above the largest term saturate.
     */
    private static byte encodeTerm(double value) {
        if (Double.isNaN(value)) {
            throw new IllegalArgumentException("a scale is not a number; the fit that made it has diverged");
        }
        double magnitude = Math.abs(value);
        if (magnitude < 0x1p-64) {
            return 0;
        }
        int exponent = Math.min(Math.getExponent(magnitude), MAX_EXPONENT + 1);
        // log2 rounds up from the geometric mean of two neighbouring powers of two.
        if (magnitude >= Math.scalb(Math.sqrt(2), exponent)) {
            exponent++;
        }
        int clamped = Math.clamp(exponent, -MAX_EXPONENT, MAX_EXPONENT);
        int code = clamped + EXPONENT_BIAS;
        return (byte) (value < 0 ? -code : code);
    }

    private static float[] termValues() {
        float[] values = new float[256];
        for (int i = 0; i < values.length; i++) {
            int code = (byte) i;
            values[i] = code == 0 ? 0 : Integer.signum(code) * Math.scalb(1f, Math.abs(code) - EXPONENT_BIAS);
        }
        return values;
    }
}
