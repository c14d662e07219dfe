package io.shiftadd.quantize.reparameterization;

/** Row-major matrices with rows and columns exchanged, in tiles that stay in the cache. */
final class Transposition {

    private static final int TILE = 32;

    private Transposition() {}

    static float[] of(float[] matrix, int rows, int columns) {
        float[] transposed = new float[matrix.length];
        for (int r0 = 0; r0 < rows; r0 += TILE) {
            for (int c0 = 0; c0 < columns; c0 += TILE) {
                for (int r = r0; r < Math.min(rows, r0 + TILE); r++) {
                    for (int c = c0; c < Math.min(columns, c0 + TILE); c++) {
                        transposed[c * rows + r] = matrix[r * columns + c];
                    }
                }
            }
        }
        return transposed;
    }

    static byte[] of(byte[] matrix, int rows, int columns) {
        byte[] transposed = new byte[matrix.length];
        for (int r0 = 0; r0 < rows; r0 += TILE) {
            for (int c0 = 0; c0 < columns; c0 += TILE) {
                for (int r = r0; r < Math.min(rows, r0 + TILE); r++) {
                    for (int c = c0; c < Math.min(columns, c0 + TILE); c++) {
                        transposed[c * rows + r] = matrix[r * columns + c];
                    }
                }
            }
        }
        return transposed;
    }
}
