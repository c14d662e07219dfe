package io.shiftadd.quantize.reparameterization;

import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.DecoderBlock;
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
    public static int[][] windows(int[][] windows, CausalLanguageModel model, ReparameterizationSettings settings) {
        if (settings.tokensPerInput() == 0 || windows.length == 0) {
            return windows;
        }
        DecoderBlock block = model.block(0);
        long widest = 1;
        for (String name : block.linearNames()) {
            widest = Math.max(widest, block.linear(name).inputs());
        }
        long enough = Math.ceilDiv(widest * settings.tokensPerInput(), Math.max(1, windows[0].length));
        return Arrays.copyOf(windows, (int) Math.min(windows.length, enough));
    }
}
