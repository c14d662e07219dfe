package io.shiftadd.kernel.loops;

import io.shiftadd.kernel.species.KernelSpecies;
import java.util.Locale;

/**
 * The loops that look up in tiles of 64 rows, and where they are chosen.
 *
 * <p>A vector of 512 bits is eight columns of a row tile, and one instruction looks up all of it. In 256 bits that
 * takes five, in 128 again one, so that machines without 512 bits look up a row tile's quarters. {@link #PROPERTY}
 * chooses otherwise.
 */
enum TileLoops {
    /** A row tile is a vector of 512 bits; 32 registers. */
    WHOLE("VectorWholeSums", "VectorWholeTokenSums", KernelSpecies.VECTOR_512),
    /** A row tile is four vectors of 128 bits; 16 registers. */
    QUARTERS("VectorQuarterSums", "VectorQuarterTokenSums", KernelSpecies.VECTOR_128);

    /** System property that names one of these in lower case; whole ones need vectors of 512 bits. */
    static final String PROPERTY = "shiftadd.kernel.loops";

    private final String oneToken;
    private final String severalTokens;
    private final KernelSpecies species;

    TileLoops(String oneToken, String severalTokens, KernelSpecies species) {
        this.oneToken = oneToken;
        this.severalTokens = severalTokens;
        this.species = species;
    }

    /** Those for kernels of a species. */
    static TileLoops of(KernelSpecies active) {
        String asked = System.getProperty(PROPERTY);
        TileLoops longest = active == KernelSpecies.VECTOR_512 ? WHOLE : QUARTERS;
        if (asked == null) {
            return longest;
        }
        for (TileLoops loops : values()) {
            if (loops.label().equals(asked) && (loops == longest || loops == QUARTERS)) {
                return loops;
            }
        }
        throw new IllegalStateException("-D" + PROPERTY + "=" + asked + " names no loops of " + active.label()
                + "; use quarters, with vector-512 whole, or leave it out");
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    RowLookUp rows() {
        TileSums one = Loops.instance(TileSums.class, oneToken, species);
        PlaneSums planes = this == WHOLE ? Loops.instance(PlaneSums.class, "VectorWholePlaneSums", species) : null;
        TokenSums several = Loops.instance(TokenSums.class, severalTokens, species);
        SumFlush flush = Loops.instance(SumFlush.class, "VectorFlush", species);
        return new VectorLookUp(new OneTokenLookUp(one, planes, flush), new TokensLookUp(several, one.shorts(), flush));
    }
}
