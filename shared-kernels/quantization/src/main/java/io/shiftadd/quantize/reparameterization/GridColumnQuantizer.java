package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.coding.RowwiseCoding;

/**
 * OPTQ's grids in the error push: spanned over a group's columns as they are when the push reaches the first of them
 * or, where the columns are not processed in their own order, over the original ones.
 */
final class GridColumnQuantizer implements ColumnQuantizer {

    private final LayerProblem problem;
    private final PreparedHessian hessian;
    private final int columnsPerGroup;
    private final boolean ordered;
    private final RowGrid grid;
    private final byte[] codes;

    /** @param ordered whether columns are processed in another order than their own */
    GridColumnQuantizer(LayerProblem problem, PreparedHessian hessian, int columnsPerGroup, boolean ordered) {
        this.problem = problem;
        this.hessian = hessian;
        this.columnsPerGroup = columnsPerGroup;
        this.ordered = ordered;
        grid = new RowGrid(problem.outputs(), problem.inputs(), problem.bits(), columnsPerGroup);
        codes = new byte[problem.target().length];
        if (ordered) {
            grid.spanAll(problem.target());
        }
    }

    @Override
    public void quantize(int k, float[] columns, float[] quantized) {
        int outputs = problem.outputs();
        int column = hessian.order()[k];
        int group = column / columnsPerGroup;
        if (!ordered && k % columnsPerGroup == 0) {
            int count = Math.min(columnsPerGroup, problem.inputs() - k);
            for (int n = 0; n < outputs; n++) {
                grid.span(n, group, columns, k * outputs + n, outputs, count);
            }
        }
        for (int n = 0; n < outputs; n++) {
            int code = grid.code(n, group, columns[k * outputs + n]);
            codes[n * problem.inputs() + column] = (byte) code;
            quantized[n] = grid.value(n, group, code);
        }
    }

    RowwiseCoding coding() {
        return grid.coding(codes);
    }
}
