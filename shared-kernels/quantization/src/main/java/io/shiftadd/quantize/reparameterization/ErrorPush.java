package io.shiftadd.quantize.reparameterization;

import io.shiftadd.quantize.reparameterization.NativeAlgebra.Matrix;

/**
 * Column by column: quantize, then push the error onto the columns to come, {@code e = (w_k − ŵ_k)/U_kk},
 * {@code W_:,j −= U_kj·e} for j > k. Columns of a block of {@value #LAZY_COLUMNS} see an error at once, all later ones
 * when the block is done, by one matrix product.
 *
 * <p>Weights are {@code [K, N]} (a column is contiguous), float; the loss is summed in double. Source: OPTQ (Frantar et
 * al., 2023), algorithm 1.
 */
final class ErrorPush {

    private static final int LAZY_COLUMNS = 128;

    private ErrorPush() {}

    /**
     * @param columns {@code [K, N]} in processing order; overwritten with the quantized weights
     * @param check called before every column; may throw to end the push
     * @return the loss that the push minimises, {@code Σ e²/2}
     */
    static double run(
            float[] columns, int outputs, PreparedHessian hessian, ColumnQuantizer quantizer, Runnable check) {
        int inputs = hessian.size();
        float[] errors = new float[LAZY_COLUMNS * outputs];
        float[] quantized = new float[outputs];
        double loss = 0;
        for (int first = 0; first < inputs; first += LAZY_COLUMNS) {
            int end = Math.min(inputs, first + LAZY_COLUMNS);
            for (int k = first; k < end; k++) {
                check.run();
                quantizer.quantize(k, columns, quantized);
                loss += takeError(columns, k, outputs, quantized, errors, k - first, hessian);
                pushInBlock(columns, k, end, outputs, errors, k - first, hessian);
            }
            NativeAlgebra.multiply(
                    true,
                    false,
                    inputs - end,
                    outputs,
                    end - first,
                    -1,
                    new Matrix(hessian.factor(), first * inputs + end, inputs),
                    new Matrix(errors, 0, outputs),
                    1,
                    new Matrix(columns, end * outputs, outputs));
        }
        return loss;
    }

    private static double takeError(
            float[] columns, int k, int outputs, float[] quantized, float[] errors, int slot, PreparedHessian hessian) {
        float inverse = 1 / hessian.factor()[k * hessian.size() + k];
        int column = k * outputs;
        int error = slot * outputs;
        double squares = 0;
        for (int n = 0; n < outputs; n++) {
            float e = (columns[column + n] - quantized[n]) * inverse;
            errors[error + n] = e;
            squares += (double) e * e;
            columns[column + n] = quantized[n];
        }
        return squares / 2;
    }

    private static void pushInBlock(
            float[] columns, int k, int end, int outputs, float[] errors, int slot, PreparedHessian hessian) {
        int error = slot * outputs;
        for (int j = k + 1; j < end; j++) {
            float u = hessian.factor()[k * hessian.size() + j];
            int column = j * outputs;
            for (int n = 0; n < outputs; n++) {
                columns[column + n] -= u * errors[error + n];
            }
        }
    }
}
