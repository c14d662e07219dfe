package io.shiftadd.cost;

/**
 * Operations of a processor in a 45 nm process and the energy of one, as published.
 *
 * <p>Of the range of DRAM the lower end is taken, and additions of packed layers count as INT32 though the kernel's are
 * narrower: both favour the original.
 */
public enum Operation {
    FP16_MULTIPLY(1.1, 3.7, Source.HOROWITZ),
    FP16_ADD(0.4, 0.9, Source.HOROWITZ),
    INT32_ADD(0.1, 0.9, Source.HOROWITZ),
    INT32_SHIFT(0.13, 0.13, Source.SHIFT_ADD_NET),
    /** One byte of a table in 8 KB of SRAM, of which 64 bits take 10 pJ. */
    LOOK_UP(10.0 / 8, 0, Source.HOROWITZ),
    /** One byte from DRAM, of which 64 bits take 1.3 to 2.6 nJ. */
    DRAM_BYTE(1300.0 / 8, 0, Source.HOROWITZ);

    /** Where a figure is from. */
    private static final class Source {

        static final String HOROWITZ =
                "M. Horowitz, Computing's Energy Problem (and what we can do about it), ISSCC 2014, figure 1.1.9";
        static final String SHIFT_ADD_NET = "H. You et al., ShiftAddNet, NeurIPS 2020, table 1";

        private Source() {}
    }

    private final double whole;
    private final double arithmetic;
    private final String source;

    Operation(double whole, double arithmetic, String source) {
        this.whole = whole;
        this.arithmetic = arithmetic;
        this.source = source;
    }

    /** By the platform's own list. */
    public double picojoules() {
        return picojoules(PriceList.WHOLE);
    }

    public double picojoules(PriceList prices) {
        return prices == PriceList.WHOLE ? whole : arithmetic;
    }

    public String source() {
        return source;
    }
}
