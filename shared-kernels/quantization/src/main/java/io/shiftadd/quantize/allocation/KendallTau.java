package io.shiftadd.quantize.allocation;

/** Kendall's rank correlation, the τ-b form: how well one number orders things as another does. */
public final class KendallTau {

    private KendallTau() {}

    /**
     * τ-b of pairs: 1 for the same order, −1 for the opposite one; ties count for neither.
     *
     * @return NaN if either side does not vary at all
     * @throws IllegalArgumentException if the lengths differ
     */
    public static double of(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("τ needs pairs, not " + a.length + " and " + b.length + " values");
        }
        long agreement = 0;
        long variedA = 0;
        long variedB = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = i + 1; j < a.length; j++) {
                int orderA = Double.compare(a[i], a[j]);
                int orderB = Double.compare(b[i], b[j]);
                agreement += Integer.signum(orderA) * Integer.signum(orderB);
                variedA += Math.abs(Integer.signum(orderA));
                variedB += Math.abs(Integer.signum(orderB));
            }
        }
        return agreement / Math.sqrt((double) variedA * variedB);
    }
}
