package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.RowwiseCoding;

/**
 * OPTQ's grids in the error push: spanned over the original row or, with groups, over a group's columns as they are
 * when the push reaches the first of them.
 */
final class GridColumnQuantizer implements ColumnQuantizer {

    private final LayerProblem problem;
    private final PreparedHessian hessian;
    private final int columnsPerGroup;
    private final RowGrid grid;
    private final byte[] codes;

    /** @param columnsPerGroup K for one grid a row; else the columns must be processed in their own order */
    GridColumnQuantizer(LayerProblem problem, PreparedHessian hessian, int columnsPerGroup) {
        this.problem = problem;
        this.hessian = hessian;
        this.columnsPerGroup = columnsPerGroup;
        grid = new RowGrid(problem.outputs(), problem.inputs(), problem.bits(), columnsPerGroup);
        codes = new byte[problem.target().length];
    }

    @Override
    public void quantize(int k, float[] columns, float[] quantized) {
        int outputs = problem.outputs();
        int column = hessian.order()[k];
        int group = column / columnsPerGroup;
        if (k % columnsPerGroup == 0) {
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
