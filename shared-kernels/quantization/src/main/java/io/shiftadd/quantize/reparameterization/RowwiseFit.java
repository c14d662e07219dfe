package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.coding.RowwiseCoding;
import java.util.Arrays;

/**
 * A baseline's fit of a layer.
 *
 * @param proxyLoss {@code Σ e²/2} where errors are pushed on, else 0
 */
record RowwiseFit(RowwiseCoding coding, double proxyLoss) {

    /** @param check called before every column or row; may throw to end the fit */
    static RowwiseFit of(
            LayerProblem problem, PreparedHessian hessian, ReparameterizationSettings settings, Runnable check) {
        int columnsPerGroup = settings.columnsPerGroup() == 0 ? problem.inputs() : settings.columnsPerGroup();
        return switch (settings.method()) {
            case RTN -> new RowwiseFit(roundToNearest(problem, columnsPerGroup), 0);
            case OPTQ -> optq(problem, hessian, columnsPerGroup, settings.activationOrder(), check);
            case LUT_GEMM -> new RowwiseFit(binary(problem, columnsPerGroup, settings.rounds(), check), 0);
            case ACC, LAT -> throw new IllegalArgumentException(settings.method() + " is not row-wise");
        };
    }

    /** Every weight to the nearest value of its grid. */
    private static RowwiseCoding roundToNearest(LayerProblem problem, int columnsPerGroup) {
        int inputs = problem.inputs();
        RowGrid grid = new RowGrid(problem.outputs(), inputs, problem.bits(), columnsPerGroup);
        grid.spanAll(problem.target());
        byte[] codes = new byte[problem.target().length];
        for (int n = 0; n < problem.outputs(); n++) {
            for (int k = 0; k < inputs; k++) {
                codes[n * inputs + k] = (byte) grid.code(n, k / columnsPerGroup, problem.target()[n * inputs + k]);
            }
        }
        return grid.coding(codes);
    }

    private static RowwiseFit optq(
            LayerProblem problem, PreparedHessian hessian, int columnsPerGroup, boolean ordered, Runnable check) {
        float[] columns = new float[problem.target().length];
        for (int k = 0; k < problem.inputs(); k++) {
            int column = hessian.order()[k];
            for (int n = 0; n < problem.outputs() && !hessian.dead()[column]; n++) {
                columns[k * problem.outputs() + n] = problem.target()[n * problem.inputs() + column];
            }
        }
        var quantizer = new GridColumnQuantizer(problem, hessian, columnsPerGroup, ordered);
        double loss = ErrorPush.run(columns, problem.outputs(), hessian, quantizer, check);
        return new RowwiseFit(quantizer.coding(), loss);
    }

    /** Binary coding of each group by weight error alone, scales in float. */
    private static RowwiseCoding binary(LayerProblem problem, int columnsPerGroup, int rounds, Runnable check) {
        int inputs = problem.inputs();
        int groups = Math.ceilDiv(inputs, columnsPerGroup);
        int stride = problem.outputs() * groups;
        float[] scales = new float[problem.bits() * stride];
        byte[] codes = new byte[problem.target().length];
        BinaryFit fit = new BinaryFit(problem.bits(), rounds, 0);
        LevelTable table = new LevelTable(problem.bits());
        for (int n = 0; n < problem.outputs(); n++) {
            check.run();
            for (int g = 0; g < groups; g++) {
                int from = n * inputs + g * columnsPerGroup;
                int end = Math.min((n + 1) * inputs, from + columnsPerGroup);
                float[] group = Arrays.copyOfRange(problem.target(), from, end);
                fit.fit(group, group.length, scales, n * groups + g, stride);
                table.fill(scales, n * groups + g, stride);
                for (int i = 0; i < group.length; i++) {
                    codes[from + i] = table.code(table.nearest(group[i]));
                }
            }
        }
        return new RowwiseCoding(
                problem.outputs(), inputs, problem.bits(), columnsPerGroup, scales, new float[stride], codes);
    }
}
