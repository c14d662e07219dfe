package io.shiftadd.model;

import io.shiftadd.format.MatrixRows;
import io.shiftadd.model.cache.BatchLayout;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.ModelNames;
import io.shiftadd.model.family.Positions;
import io.shiftadd.model.layers.DenseLinear;
import io.shiftadd.model.layers.Elementwise;
import io.shiftadd.model.layers.Norm;
import io.shiftadd.model.layers.Weights;
import org.jspecify.annotations.Nullable;

/** From token ids to the hidden state before the first block. */
final class Embedding {

    private final ModelConfig config;
    private final MatrixRows tokens;
    private final @Nullable MatrixRows positions;
    private final @Nullable DenseLinear projectIn;
    private final @Nullable Norm norm;

    Embedding(ModelConfig config, Weights weights, MatrixRows tokens) {
        ModelNames names = weights.names();
        int hidden = config.hiddenSize();
        int width = config.embeddingSize();
        this.config = config;
        this.tokens = tokens;
        this.positions = names.positions() != null && config.positions() instanceof Positions.Learned learned
                ? weights.matrix(
                        weights.name(names.positions() + ".weight"),
                        config.contextLength() + learned.offset(),
                        hidden,
                        "max_position_embeddings + " + learned.offset() + ", hidden_size")
                : null;
        this.projectIn = names.projectIn() != null && width != hidden
                ? new DenseLinear(
                        weights.matrix(
                                weights.name(names.projectIn() + ".weight"),
                                hidden,
                                width,
                                "hidden_size, word_embed_proj_dim"),
                        null)
                : null;
        this.norm = names.embeddingNorm() != null && config.block().embeddingNorm()
                ? weights.norm(weights.name(names.embeddingNorm()))
                : null;
    }

    /**
     * @param hidden {@code [tokens, hiddenSize]}, overwritten
     * @param row memory for hiddenSize elements
     */
    void apply(int[] ids, BatchLayout layout, float[] hidden, float[] row) {
        int width = config.hiddenSize();
        if (projectIn == null) {
            read(ids, hidden);
        } else {
            float[] narrow = new float[Math.multiplyExact(ids.length, config.embeddingSize())];
            read(ids, narrow);
            projectIn.forwardAlone(narrow, hidden, ids.length);
        }
        for (int t = 0; t < ids.length; t++) {
            if (positions != null && config.positions() instanceof Positions.Learned learned) {
                addPosition(positions, layout.position(t) + learned.offset(), hidden, t * width, row);
            }
            if (norm != null) {
                norm.apply(hidden, t * width, hidden, t * width);
            }
        }
    }

    private void read(int[] ids, float[] target) {
        int width = config.embeddingSize();
        for (int t = 0; t < ids.length; t++) {
            int id = ids[t];
            if (id < 0 || id >= config.vocabularySize()) {
                throw new IllegalArgumentException(
                        "token " + t + " is " + id + "; the vocabulary has ids 0 to " + (config.vocabularySize() - 1));
            }
            tokens.copyRow(id, target, t * width);
        }
        if (config.embeddingScale() != 1) {
            for (int i = 0; i < ids.length * width; i++) {
                target[i] *= config.embeddingScale();
            }
        }
    }

    private static void addPosition(MatrixRows table, int index, float[] hidden, int at, float[] row) {
        int width = Math.toIntExact(table.shape()[1]);
        table.copyRow(index, row, 0);
        Elementwise.add(row, 0, hidden, at, width);
    }
}
