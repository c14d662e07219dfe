package io.shiftadd.registry.job;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each bit-width would do to a layer, and which one it got. */
@Schema(description = "What each bit-width would do to a layer, and which one it got")
record JobLayerProfile(
        @Schema(example = "model.layers.0.self_attn.q_proj") String layer,

        @Schema(description = "How much the layer was predicted to suffer, without fitting it", example = "0.8")
        @Nullable
        Double sensitivity,

        @Schema(description = "Bits that the allocation chose", example = "2") @Nullable
        Integer chosenBits,

        @Schema(description = "By bits, ascending") List<Measured> measured) {

    /** One bit-width. */
    @Schema(name = "MeasuredBits")
    record Measured(
            @Schema(example = "2") int bits,

            @Schema(description = "Error of the layer's output relative to the output", example = "0.031")
            double outputError,

            @Schema(description = "Of the layer as it would be served", example = "9792")
            long bytes) {}
}
