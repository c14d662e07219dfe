package io.shiftadd.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What weights become. */
public enum Method {
    /** Column-wise groups, for accuracy. */
    ACC,
    /** Block-wise groups, for latency. */
    LAT,
    /** Baseline: rounded to the nearest of equidistant values. */
    RTN,
    /** Baseline: rounded one column after the other, errors pushed on to those that follow. */
    OPTQ,
    /** Baseline: row-wise binary coding with float scales. */
    LUT_GEMM;

    /** Whether the result is of shifts and adds; the baselines keep float scales. */
    public boolean shiftsAndAdds() {
        return this == ACC || this == LAT;
    }

    /** Whether columns are fitted one after the other, so that their order matters. */
    public boolean hasOrder() {
        return shiftsAndAdds() || this == OPTQ;
    }

    /** Whether binary matrices and scales are fitted by turns. */
    public boolean hasRounds() {
        return shiftsAndAdds() || this == LUT_GEMM;
    }

    /** As requests and rows spell it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return word();
    }
}
