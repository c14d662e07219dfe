package io.shiftadd.registry.dashboard;

import org.jspecify.annotations.Nullable;

/** A layer that a job has finished. */
public record LayerRow(
        int block,
        String layer,
        int bits,
        int inputs,
        int outputs,
        @Nullable Double weightError,
        @Nullable Double outputError,
        @Nullable Double proxyLoss,
        @Nullable Double sensitivity,
        @Nullable Double seconds) {

    /** Its name without the block: {@code self_attn.q_proj}. */
    String kind() {
        return layer.replaceFirst("^.*?\\.\\d+\\.", "");
    }

    public long weights() {
        return (long) inputs * outputs;
    }
}
