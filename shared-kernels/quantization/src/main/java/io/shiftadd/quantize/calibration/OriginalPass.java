package io.shiftadd.quantize.calibration;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.Transformer;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.quantize.calibration.CalibrationSet.Batch;
import io.shiftadd.quantize.calibration.CalibrationSet.Stream;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Takes the calibration tokens through the unmodified model once and keeps the states before every block: then no block
 * waits for the one before it. Deviates from the published method, where a block sees what the blocks before it,
 * already reparameterized, put out.
 */
public final class OriginalPass {

    private final Transformer model;
    private final CalibrationSet calibration;
    private final KernelContext context;

    public OriginalPass(Transformer model, CalibrationSet calibration, KernelContext context) {
        this.model = model;
        this.calibration = calibration;
        this.context = context;
    }

    /**
     * Leaves the states before every block in the set; those that are there already are not made again.
     *
     * @param done told the number of blocks that have their states
     */
    public void run(IntConsumer done) {
        List<KvCache> caches = calibration.newCaches(model);
        for (int block = 0; block + 1 < model.blockCount(); block++) {
            if (!calibration.holds(block + 1, Stream.REPARAMETERIZED)) {
                pass(block, caches);
            }
            done.accept(block + 2);
        }
    }

    private void pass(int index, List<KvCache> caches) {
        DecoderBlock block = model.block(index);
        List<Batch> batches = calibration.batches();
        float[] hidden = new float[Math.multiplyExact(batches.getFirst().tokens(), calibration.width())];
        try (HiddenStates before = calibration.states(index, Stream.REPARAMETERIZED)) {
            HiddenStates after = calibration.scratch("original-pass", calibration.width());
            boolean complete = false;
            try {
                for (Batch batch : batches) {
                    TokenBatch tokens = batch.tokenBatch(caches);
                    before.read(batch.firstToken(), batch.tokens(), hidden);
                    block.forward(hidden, tokens, context, null);
                    after.write(batch.firstToken(), batch.tokens(), hidden);
                }
                complete = true;
            } finally {
                if (!complete) {
                    after.close();
                }
            }
            calibration.publish("original-pass", after, index + 1, Stream.REPARAMETERIZED);
        }
    }
}
