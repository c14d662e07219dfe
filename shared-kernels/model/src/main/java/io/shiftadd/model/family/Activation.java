package io.shiftadd.model.family;

import java.util.Optional;

/** Elementwise non-linearities of the feed-forward layers, under the names that config.json uses. */
public enum Activation {
    RELU,
    /** {@code max(x, 0)²}. */
    RELU_SQUARED,
    SILU,
    /** Exact, by the error function. */
    GELU,
    /** By the approximation {@code ½x(1 + tanh(√(2/π)(x + 0.044715x³)))}. */
    GELU_TANH,
    /** {@code x·sigmoid(1.702x)}. */
    QUICK_GELU;

    static Optional<Activation> named(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "relu" -> RELU;
                    case "relu2" -> RELU_SQUARED;
                    case "silu", "swish" -> SILU;
                    case "gelu", "gelu_python" -> GELU;
                    case "gelu_new", "gelu_fast", "gelu_accurate", "gelu_pytorch_tanh", "gelu_python_tanh" -> GELU_TANH;
                    case "quick_gelu" -> QUICK_GELU;
                    default -> null;
                });
    }
}
