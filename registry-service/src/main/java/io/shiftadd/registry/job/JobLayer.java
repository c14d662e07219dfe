package io.shiftadd.registry.job;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A linear layer that a job has reparameterized. */
@Schema(description = "A linear layer that the job has reparameterized")
record JobLayer(
        @Schema(description = "Decoder block, the first is 0; the number of blocks for the head", example = "0")
        int block,

        @Schema(example = "model.layers.0.self_attn.q_proj") String layer,
        @Schema(example = "3") int bits,
        @Schema(description = "Columns", example = "192") int inputs,
        @Schema(description = "Rows", example = "192") int outputs,

        @Schema(description = "Mean squared error of the weights", example = "0.00012") @Nullable
        Double weightError,

        @Schema(description = "Error of the layer's output relative to the output", example = "0.034") @Nullable
        Double outputError,

        @Schema(description = "Sum of the squared errors pushed on while fitting, halved", example = "1.7") @Nullable
        Double proxyLoss,

        @Schema(description = "How much the layer was predicted to suffer", example = "0.8") @Nullable
        Double sensitivity,

        @Schema(description = "Time that the fit took", example = "0.31") @Nullable
        Double seconds,

        @Schema(description = "Who fitted it", example = "4711@host") @Nullable
        String worker) {}
