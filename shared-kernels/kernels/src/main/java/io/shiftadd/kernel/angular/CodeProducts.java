package io.shiftadd.kernel.angular;

import io.shiftadd.kernel.species.KernelSpecies;
import io.shiftadd.kernel.species.VectorClass;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * {@code A = KᵀV} and {@code X = QA} for binary codes {@code K, Q [tokens, bits]}.
 *
 * <p>A token's code is a long, whose lowest bit is the first. Values and results are float, row-major with a stride of
 * their own. Four tokens, or four bits, are added up first, in pairs, then to what was before:
 * {@code a += (v₀ + v₁) + (v₂ + v₃)}, where 0 stands for what the code leaves out; so that a table of the sixteen sums
 * of four vectors gives the same bits. Error: that of a float sum of so many terms. Source: ShiftAddViT (arXiv
 * 2306.06446), section 4; the tables are those of packed layers.
 */
public sealed interface CodeProducts permits ScalarCodeProducts, CodeProducts.OnVectors {

    /** Bits of a code, at most. */
    int MAX_BITS = Long.SIZE;

    /** For vectors; a class of its own for each length. */
    non-sealed interface OnVectors extends CodeProducts {}

    /** The products of a species. */
    static CodeProducts of(KernelSpecies species) {
        return Objects.requireNonNull(Known.PRODUCTS.get(species));
    }

    /** Made at the first use of any. */
    final class Known {

        private static final Map<KernelSpecies, CodeProducts> PRODUCTS = new ConcurrentHashMap<>(
                Arrays.stream(KernelSpecies.values()).collect(Collectors.toMap(species -> species, Known::make)));

        private Known() {}

        private static CodeProducts make(KernelSpecies species) {
            return species == KernelSpecies.SCALAR
                    ? new ScalarCodeProducts()
                    : VectorClass.instance(MethodHandles.lookup(), OnVectors.class, "VectorCodeProducts", species);
        }
    }

    /**
     * {@code sums[b, i] = Σ values[t, i]} over the tokens t whose code has bit b.
     *
     * @param codes of tokens, from {@code first} on
     * @param values {@code [tokens, width]} from {@code from} on, a row every {@code stride}
     * @param sums {@code [bits, width]} from {@code at} on, without gaps; overwritten
     */
    void sumByCode(
            long[] codes,
            int first,
            int tokens,
            int bits,
            float[] values,
            int from,
            int stride,
            int width,
            float[] sums,
            int at);

    /**
     * {@code result[t, i] = Σ sums[b, i]} over the bits b of token t's code.
     *
     * @param sums {@code [bits, width]} from {@code at} on, without gaps
     * @param result {@code [tokens, width]} from {@code to} on, a row every {@code stride}; overwritten
     */
    void addByCode(
            long[] codes,
            int first,
            int tokens,
            int bits,
            float[] sums,
            int at,
            int width,
            float[] result,
            int to,
            int stride);
}
