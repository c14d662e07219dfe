package io.shiftadd.format.torch;

import io.shiftadd.format.DType;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a pickle of tensors may name. None of them is code here: each is a word that the interpreter knows. */
enum TorchGlobal {
    ORDERED_DICT("collections", "OrderedDict", null),
    REBUILD_TENSOR("torch._utils", "_rebuild_tensor_v2", null),
    REBUILD_PARAMETER("torch._utils", "_rebuild_parameter", null),
    FLOAT("torch", "FloatStorage", DType.F32),
    HALF("torch", "HalfStorage", DType.F16),
    BFLOAT16("torch", "BFloat16Storage", DType.BF16),
    DOUBLE("torch", "DoubleStorage", DType.F64),
    LONG("torch", "LongStorage", DType.I64),
    INT("torch", "IntStorage", DType.I32),
    SHORT("torch", "ShortStorage", DType.I16),
    CHAR("torch", "CharStorage", DType.I8),
    BYTE("torch", "ByteStorage", DType.U8),
    BOOL("torch", "BoolStorage", DType.BOOL);

    private final String module;
    private final String symbol;
    private final @Nullable DType dtype;

    TorchGlobal(String module, String symbol, @Nullable DType dtype) {
        this.module = module;
        this.symbol = symbol;
        this.dtype = dtype;
    }

    static Optional<TorchGlobal> named(String module, String symbol) {
        return Arrays.stream(values())
                .filter(global -> global.module.equals(module) && global.symbol.equals(symbol))
                .findFirst();
    }

    /** The element type of a kind of storage; null for what is no storage. */
    @Nullable
    DType dtype() {
        return dtype;
    }
}
