package io.shiftadd.quantize.reparameterization;

/** What a layer's weights become. */
public enum Method {
    /** Column-wise scales: ShiftAddLLM (Acc.). */
    ACC,
    /** Scales of 8 columns × an eighth of the rows: ShiftAddLLM (Lat.). */
    LAT,
    /** Baseline: each row rounded to the nearest of 2^q equidistant values between its least and its greatest. */
    RTN,
    /** Baseline: the grid of {@link #RTN}, errors pushed on under the Hessian (OPTQ, also called GPTQ). */
    OPTQ,
    /** Baseline: binary coding a row or a group of 128 columns of it, by weight error alone (LUT-GEMM). */
    LUT_GEMM;

    /** Whether the result is of shifts and adds; the baselines keep float scales. */
    public boolean shiftsAndAdds() {
        return this == ACC || this == LAT;
    }
}
