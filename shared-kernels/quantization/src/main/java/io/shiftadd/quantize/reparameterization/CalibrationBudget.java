package io.shiftadd.quantize.reparameterization;

import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.Transformer;
import java.util.Arrays;

/** How many of the calibration windows the settings let a model use. */
public final class CalibrationBudget {

    private CalibrationBudget() {}

    /**
     * The first of the windows, enough for {@link ReparameterizationSettings#tokensPerInput()} tokens for each input of
     * the widest layer; at least one, all of them if the settings set no limit.
     *
     * @param windows {@code [windows][length]}, all of the same length
     */
    public static int[][] windows(int[][] windows, Transformer model, ReparameterizationSettings settings) {
        return windows.length == 0
                ? windows
                : Arrays.copyOf(windows, sequences(windows.length, windows[0].length, model, settings));
    }

    /** How many of the first sequences, all of {@code length} tokens, are enough. */
    public static int sequences(int all, int length, Transformer model, ReparameterizationSettings settings) {
        if (settings.tokensPerInput() == 0) {
            return all;
        }
        DecoderBlock block = model.block(0);
        long widest = 1;
        for (String name : block.linearNames()) {
            widest = Math.max(widest, block.linear(name).inputs());
        }
        return (int) Math.min(all, Math.ceilDiv(widest * settings.tokensPerInput(), Math.max(1, length)));
    }
}
