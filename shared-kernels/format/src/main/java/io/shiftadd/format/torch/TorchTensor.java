package io.shiftadd.format.torch;

import io.shiftadd.format.TensorInfo;
import org.jspecify.annotations.Nullable;

/**
 * A view of a storage.
 *
 * @param offset of the first element, in elements
 * @param shape outermost dimension first
 * @param strides elements from one index of a dimension to the next
 */
record TorchTensor(TorchStorage storage, long offset, long[] shape, long[] strides) {

    /**
     * Whether the elements lie row after row without gaps; where a dimension has one index, its stride says nothing.
     */
    boolean isContiguous() {
        long expected = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            if (shape[i] > 1 && strides[i] != expected) {
                return false;
            }
            expected *= shape[i];
        }
        return true;
    }

    long elementCount() {
        return TensorInfo.elementCount(shape);
    }

    /** Why the tensor is not one, or null: all that it names lies in its storage, and no element is named for many. */
    @Nullable
    String fault() {
        if (shape.length != strides.length || shape.length > 64) {
            return "has " + shape.length + " dimensions and " + strides.length + " strides";
        }
        try {
            long last = offset;
            boolean empty = false;
            for (int i = 0; i < shape.length; i++) {
                if (shape[i] < 0 || strides[i] < 0) {
                    return "has a negative dimension or stride";
                }
                empty |= shape[i] == 0;
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape[i] - 1), strides[i]));
            }
            if (offset < 0 || offset > storage.count() || !empty && last >= storage.count()) {
                return "reaches element " + last + " of a storage of " + storage.count();
            }
            return elementCount() > storage.count()
                    ? "has " + elementCount() + " elements in a storage of " + storage.count()
                    : null;
        } catch (ArithmeticException e) {
            return "has a size beyond 63 bits";
        }
    }
}
