package io.shiftadd.quantize.allocation;

/**
 * How much a layer is expected to suffer from few bits, without fitting it: {@code ‖IS‖_F·std(IS)²} with
 * {@code IS_nk = W_nk / U_kk}. Source: ShiftAddLLM (You et al., 2024), section 4.3.
 */
public final class SensitivityScore {

    private SensitivityScore() {}

    /**
     * @param weights {@code [N, K]} row-major
     * @param factorDiagonal U_kk of the upper U with {@code UᵀU = H⁻¹}, for each column of the weights
     */
    public static double of(float[] weights, float[] factorDiagonal) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < weights.length; i++) {
            double score = weights[i] / factorDiagonal[i % factorDiagonal.length];
            sum += score;
            squares += score * score;
        }
        double mean = sum / weights.length;
        double variance = squares / weights.length - mean * mean;
        return Math.sqrt(squares) * variance;
    }
}
