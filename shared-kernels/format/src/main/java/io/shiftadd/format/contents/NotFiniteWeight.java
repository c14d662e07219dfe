package io.shiftadd.format.contents;

import io.shiftadd.format.FormatException;
import java.util.Arrays;

/**
 * A weight that is NaN or infinite, which makes all that is computed from it NaN or infinite.
 *
 * @param index of the element in the tensor, row-major as it is stored
 * @param value what it is
 */
public record NotFiniteWeight(String file, String tensor, long[] shape, long index, float value) {

    public FormatException failure() {
        String place = shape.length == 2 && shape[1] > 0
                ? "row " + index / shape[1] + ", column " + index % shape[1]
                : "of " + Arrays.toString(shape);
        return new FormatException(
                "tensor '" + tensor + "' has a weight that is no number: element " + index + " (" + place + ") is "
                        + value,
                file,
                "weights must be finite",
                "Get the model from where its weights are finite, or repair the tensor: training that diverged, or a"
                        + " conversion to float16, leaves such values.");
    }
}
