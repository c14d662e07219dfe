package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.BlockStages;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.calibration.CalibrationSet.Batch;
import io.shiftadd.quantize.calibration.CalibrationSet.Stream;
import io.shiftadd.quantize.calibration.HiddenStates;

/**
 * The activations of one model, the original or the one reparameterized so far, on their way through a block. A batch
 * is in memory while it is worked on; between two stages all batches lie in the calibration set's files.
 */
final class ActivationLane implements AutoCloseable {

    private final CalibrationSet calibration;
    private final BlockStages stages;
    private final Stream stream;
    private final HiddenStates before;
    private final HiddenStates after;
    private final HiddenStates inputs;
    private final float[] hidden;
    private float[] input;
    private float[] next;
    private boolean published;

    ActivationLane(CalibrationSet calibration, int block, Stream stream, BlockStages stages) {
        this.calibration = calibration;
        this.stages = stages;
        this.stream = stream;
        int widest = 0;
        for (int stage = 0; stage < stages.count(); stage++) {
            widest = Math.max(widest, stages.width(stage));
        }
        int tokens = calibration.batches().getFirst().tokens();
        hidden = new float[Math.multiplyExact(tokens, calibration.width())];
        input = new float[Math.multiplyExact(tokens, widest)];
        next = new float[input.length];
        before = calibration.states(block, stream);
        after = calibration.scratch(scratch("states"), calibration.width());
        inputs = calibration.passing(scratch("inputs"), widest);
    }

    /** Makes the first stage's inputs of a batch. */
    void begin(Batch batch, TokenBatch tokens, KernelContext context) {
        before.read(batch.firstToken(), batch.tokens(), hidden);
        after.write(batch.firstToken(), batch.tokens(), hidden);
        stages.begin(hidden, input, tokens, context);
        inputs.writeNarrow(batch.firstToken(), batch.tokens(), stages.width(0), input);
    }

    /** Takes a batch through a stage of the block with the layers in use, to the next one's inputs. */
    void run(BlockStages inUse, int stage, Batch batch, TokenBatch tokens, KernelContext context) {
        after.read(batch.firstToken(), batch.tokens(), hidden);
        inputs.readNarrow(batch.firstToken(), batch.tokens(), stages.width(stage), input);
        inUse.run(stage, hidden, input, next, tokens, context);
        after.write(batch.firstToken(), batch.tokens(), hidden);
        if (stage + 1 < stages.count()) {
            inputs.writeNarrow(batch.firstToken(), batch.tokens(), stages.width(stage + 1), next);
        }
        float[] swapped = input;
        input = next;
        next = swapped;
    }

    /** Takes a batch through the whole of a block from its beginning. */
    void runWhole(DecoderBlock block, Batch batch, TokenBatch tokens, KernelContext context) {
        before.read(batch.firstToken(), batch.tokens(), hidden);
        block.forward(hidden, tokens, context, null);
        after.write(batch.firstToken(), batch.tokens(), hidden);
    }

    /** Of the batch last worked on: the inputs that it has reached. */
    float[] input() {
        return input;
    }

    /** Of the batch last worked on: the hidden states, to which the stage reached adds if it ends a half. */
    float[] hidden() {
        return hidden;
    }

    /** Makes the states reached those before a block. */
    void publish(int block) {
        calibration.publish(scratch("states"), after, block, stream);
        published = true;
    }

    @Override
    public void close() {
        before.close();
        // If it has a file, that stays for the next block to use again.
        inputs.close();
        if (!published) {
            after.close();
            calibration.discard(scratch("states"));
        }
    }

    private String scratch(String name) {
        return name + "-" + stream.name().toLowerCase(java.util.Locale.ROOT);
    }
}
