package io.shiftadd.model;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.cache.TokenBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoder block in stages, each of the linear layers that share an input: queries, keys and values; attention's
 * output; gate and up; down. Of a mixture of experts the last two come again for each expert. Between two stages a
 * caller may look at the next one's input over many sequences, and replace its layers. {@link #begin} and all stages in
 * their order do what {@link DecoderBlock#forward} does.
 *
 * <p>Arrays may be longer than what is said of them. The inputs of a stage, row-major {@code [tokens, inputs]}, are
 * followed by what it has to know besides, {@code [tokens, width − inputs]}: what an expert's neighbours start from. A
 * token that is not an expert's has zeros for its inputs, so that sums over all tokens are sums over its own.
 */
public final class BlockStages {

    private static final int ATTENTION = 0;
    private static final int ATTENTION_OUTPUT = 1;
    private static final int FEED_FORWARD = 2;
    private static final int FEED_FORWARD_OUTPUT = 3;

    private final DecoderBlock block;
    private final @Nullable Mixture experts;
    private final int hiddenSize;

    BlockStages(DecoderBlock block) {
        this.block = block;
        this.experts = block.experts();
        this.hiddenSize = block.linear(block.attentionOutputName()).outputs();
    }

    public int count() {
        return experts == null ? FEED_FORWARD_OUTPUT + 1 : FEED_FORWARD + 2 * experts.count();
    }

    /** Which part of a block a stage is; those of all experts are the same. */
    private int part(int stage) {
        if (stage < 0 || stage >= count()) {
            throw new IllegalArgumentException("a block has stages 0 to " + (count() - 1) + ", not " + stage);
        }
        return stage < FEED_FORWARD ? stage : FEED_FORWARD + stage % 2;
    }

    private static int expert(int stage) {
        return (stage - FEED_FORWARD) / 2;
    }

    /** Names of the layers that share the stage's input, as in {@link DecoderBlock#linearNames()}. */
    public List<String> linears(int stage) {
        return switch (part(stage)) {
            case ATTENTION -> block.projectionNames();
            case ATTENTION_OUTPUT -> List.of(block.attentionOutputName());
            case FEED_FORWARD -> {
                if (experts == null) {
                    yield block.innerNames();
                }
                yield experts.firstLayers(expert(stage));
            }
            default -> List.of(experts == null ? block.downName() : experts.lastLayer(expert(stage)));
        };
    }

    /** Width of the stage's input. */
    public int inputs(int stage) {
        return block.linear(linears(stage).getFirst()).inputs();
    }

    /** Values a token that a stage begins with: its inputs, and what it knows besides. */
    public int width(int stage) {
        return inputs(stage) + (experts != null && stage >= FEED_FORWARD ? hiddenSize : 0);
    }

    /** Whether the stage's one layer has its output added to the hidden state as it is. */
    public boolean addsToHidden(int stage) {
        int part = part(stage);
        boolean scaled = part == FEED_FORWARD_OUTPUT && experts instanceof TokenExperts;
        return (part == ATTENTION_OUTPUT || part == FEED_FORWARD_OUTPUT) && !scaled && block.addsOutputsAsTheyAre();
    }

    /**
     * Makes the first stage's input.
     *
     * @param hidden {@code [tokens, hiddenSize]}; not changed
     * @param input {@code [tokens, width(0)]}, overwritten
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
     * @param input {@code [tokens, width(stage)]}; not changed
     * @param next {@code [tokens, width(stage + 1)]}, overwritten; not touched by the last stage; not {@code input}
     */
    public void run(int stage, float[] hidden, float[] input, float[] next, TokenBatch batch, KernelContext context) {
        Pass pass = Workspace.of(context).pass.begin(batch, context, null);
        try {
            if (experts == null || stage < ATTENTION_OUTPUT) {
                run(stage, pass, hidden, input, next);
            } else {
                runMixture(experts, stage, pass, hidden, input, next);
            }
        } finally {
            pass.end();
        }
    }

    private void run(int stage, Pass pass, float[] hidden, float[] input, float[] next) {
        switch (part(stage)) {
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
            default -> block.endFeedForward(pass, input, hidden);
        }
    }

    private void runMixture(Mixture mixture, int stage, Pass pass, float[] hidden, float[] input, float[] next) {
        int tokens = pass.tokens();
        float[] x = new float[tokens * hiddenSize];
        if (stage == ATTENTION_OUTPUT) {
            block.endAttention(pass, input, hidden);
            block.feedForwardInput(pass, hidden, x);
        } else {
            System.arraycopy(input, tokens * inputs(stage), x, 0, x.length);
            if (part(stage) == FEED_FORWARD) {
                mixture.inner(pass, expert(stage), x, next);
            } else {
                mixture.addOutputs(pass, expert(stage), x, input, hidden);
            }
        }
        if (stage + 1 < count()) {
            if (part(stage + 1) == FEED_FORWARD) {
                mixture.inputs(pass, expert(stage + 1), x, next);
            }
            System.arraycopy(x, 0, next, tokens * inputs(stage + 1), x.length);
        }
    }
}
