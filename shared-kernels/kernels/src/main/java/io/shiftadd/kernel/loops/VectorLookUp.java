package io.shiftadd.kernel.loops;

import io.shiftadd.kernel.packed.RowPass;
import io.shiftadd.kernel.packed.Scratch;

/**
 * Takes one token through some row tiles at a time, as so many streams of codes, several tokens through one or two.
 *
 * <p>Sums go through memory to {@link SumFlush}: they are one store and load in hundreds of look-ups, and vectors may
 * not leave a method.
 */
record VectorLookUp(OneTokenLookUp oneToken, TokensLookUp severalTokens) implements RowLookUp {

    @Override
    public int streams() {
        return oneToken.streams();
    }

    @Override
    public void lookUp(RowPass pass, int firstTile, int tileStride, int tiles, Scratch scratch) {
        if (pass.tokens() == 1) {
            oneToken.lookUp(pass, firstTile, tileStride, tiles, scratch);
        } else {
            severalTokens.lookUp(pass, firstTile, tileStride, tiles, scratch);
        }
    }
}
