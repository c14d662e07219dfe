package io.shiftadd.cli.export;

import io.shiftadd.format.gguf.GgmlType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a model is exported as. */
enum ExportFormat {
    /** Its files as they are. */
    ARTIFACT(null),
    /** In Hugging Face's layout, each packed layer as the matrix that it stands for. */
    SAFETENSORS(null),
    GGUF_F16(GgmlType.F16),
    GGUF_Q8_0(GgmlType.Q8_0);

    private final Optional<GgmlType> matrices;

    ExportFormat(@Nullable GgmlType matrices) {
        this.matrices = Optional.ofNullable(matrices);
    }

    /** The type of matrices in a GGUF file; empty for a directory. */
    Optional<GgmlType> matrices() {
        return matrices;
    }

    String word() {
        return (matrices.isPresent() ? name().replaceFirst("_", "-") : name()).toLowerCase(Locale.ROOT);
    }

    static Optional<ExportFormat> of(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word().equals(word.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    static String words() {
        return String.join(", ", Arrays.stream(values()).map(ExportFormat::word).toList());
    }
}
