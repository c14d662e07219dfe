package io.shiftadd.model;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.cache.TokenBatch;
import java.util.List;

/**
 * A decoder block in stages, each of the linear layers that share an input: queries, keys and values; attention's
 * output; gate and up; down. Between two stages a caller may look at the next one's input over many sequences, and
 * replace its layers. {@link #begin} and all stages in their order do what {@link DecoderBlock#forward} does.
 *
 * <p>Arrays are row-major {@code [tokens, width]} and may be longer.
 */
public final class BlockStages {

    private static final int ATTENTION = 0;
    private static final int ATTENTION_OUTPUT = 1;
    private static final int FEED_FORWARD = 2;
    private static final int FEED_FORWARD_OUTPUT = 3;

    private final DecoderBlock block;

    BlockStages(DecoderBlock block) {
        this.block = block;
    }

    public int count() {
        return FEED_FORWARD_OUTPUT + 1;
    }

    /** Names of the layers that share the stage's input, as in {@link DecoderBlock#linearNames()}. */
    public List<String> linears(int stage) {
        return switch (stage) {
            case ATTENTION -> block.projectionNames();
            case ATTENTION_OUTPUT -> List.of(block.attentionOutputName());
            case FEED_FORWARD -> block.innerNames();
            case FEED_FORWARD_OUTPUT -> List.of(block.downName());
            default -> throw none(stage);
        };
    }

    /** Width of the stage's input. */
    public int inputs(int stage) {
        return block.linear(linears(stage).getFirst()).inputs();
    }

    /** Whether the stage's one layer has its output added to the hidden state as it is. */
    public boolean addsToHidden(int stage) {
        return (stage == ATTENTION_OUTPUT || stage == FEED_FORWARD_OUTPUT) && block.addsOutputsAsTheyAre();
    }

    /**
     * Makes the first stage's input.
     *
     * @param hidden {@code [tokens, hiddenSize]}; not changed
     * @param input {@code [tokens, inputs(0)]}, overwritten
     */
    public void begin(float[] hidden, float[] input, TokenBatch batch, KernelContext context) {
        Pass pass = Workspace.of(context).pass.begin(batch, context, null);
        try {
            block.attentionInput(pass, hidden, input);
        } finally {
            pass.end();
        }
    }

    /**
     * Runs a stage and makes the next one's input.
     *
     * @param hidden {@code [tokens, hiddenSize]}, changed in place by the stages that end a half of the block
     * @param input {@code [tokens, inputs(stage)]}; not changed
     * @param next {@code [tokens, inputs(stage + 1)]}, overwritten; not touched by the last stage; not {@code input}
     */
    public void run(int stage, float[] hidden, float[] input, float[] next, TokenBatch batch, KernelContext context) {
        Pass pass = Workspace.of(context).pass.begin(batch, context, null);
        try {
            run(stage, pass, hidden, input, next);
        } finally {
            pass.end();
        }
    }

    private void run(int stage, Pass pass, float[] hidden, float[] input, float[] next) {
        switch (stage) {
            case ATTENTION -> block.mix(pass, input, next);
            case ATTENTION_OUTPUT -> {
                if (block.isParallel()) {
                    // From the block's input, which attention's output is then added to.
                    block.feedForwardInput(pass, hidden, next);
                    block.endAttention(pass, input, hidden);
                } else {
                    block.endAttention(pass, input, hidden);
                    block.feedForwardInput(pass, hidden, next);
                }
            }
            case FEED_FORWARD -> block.inner(pass, input, next);
            case FEED_FORWARD_OUTPUT -> block.endFeedForward(pass, input, hidden);
            default -> throw none(stage);
        }
    }

    private static IllegalArgumentException none(int stage) {
        return new IllegalArgumentException("a block has stages 0 to " + FEED_FORWARD_OUTPUT + ", not " + stage);
    }
}
