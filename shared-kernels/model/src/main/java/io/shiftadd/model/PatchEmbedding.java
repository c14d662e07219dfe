package io.shiftadd.model;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.Workspace.Shared;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.ModelNames;
import io.shiftadd.model.family.VisionSettings;
import io.shiftadd.model.layers.DenseLinear;
import io.shiftadd.model.layers.Elementwise;
import io.shiftadd.model.layers.Weights;
import java.util.Objects;

/**
 * From pixels to the hidden state before the first block: each patch, unfolded, through one linear layer; the learned
 * tokens ahead; to each the vector of its position.
 */
final class PatchEmbedding {

    private static final String EMBEDDINGS = "embeddings.";

    private final VisionSettings vision;
    private final int hiddenSize;
    private final DenseLinear projection;
    private final float[] leading; // [leadingTokens, hiddenSize]
    private final float[] positions; // [tokens, hiddenSize]

    PatchEmbedding(ModelConfig config, VisionSettings vision, Weights weights) {
        this.vision = vision;
        this.hiddenSize = config.hiddenSize();
        ModelNames names = weights.names();
        String patches = weights.name(names.embedding());
        this.projection = new DenseLinear(
                weights.kernel(
                        patches + ".weight", hiddenSize, vision.channels(), vision.patchHeight(), vision.patchWidth()),
                weights.values(patches + ".bias", hiddenSize));
        this.leading = new float[vision.leadingTokens() * hiddenSize];
        token(weights, "cls_token", 0);
        if (vision.distilled()) {
            token(weights, "distillation_token", 1);
        }
        this.positions =
                weights.values(weights.name(Objects.requireNonNull(names.positions())), 1, vision.tokens(), hiddenSize);
    }

    private void token(Weights weights, String name, int index) {
        float[] values = weights.values(weights.name(EMBEDDINGS + name), 1, 1, hiddenSize);
        System.arraycopy(values, 0, leading, index * hiddenSize, hiddenSize);
    }

    /**
     * @param pixels {@code [images, channels, height, width]} from the {@code first}-th image on
     * @param hidden {@code [images, tokens, hiddenSize]}, overwritten
     */
    void apply(float[] pixels, int first, int images, float[] hidden, KernelContext context) {
        Workspace workspace = Workspace.of(context);
        int patches = images * vision.patches();
        float[] unfolded = workspace.shared(Shared.UP, patches, vision.patchValues());
        float[] projected = workspace.shared(Shared.OUTPUT, patches, hiddenSize);
        for (int image = 0; image < images; image++) {
            unfold(pixels, first + image, unfolded, image);
        }
        projection.forward(unfolded, projected, patches, context);
        int ofPatches = vision.patches() * hiddenSize;
        for (int image = 0; image < images; image++) {
            int at = image * vision.tokens() * hiddenSize;
            System.arraycopy(leading, 0, hidden, at, leading.length);
            System.arraycopy(projected, image * ofPatches, hidden, at + leading.length, ofPatches);
            Elementwise.add(positions, 0, hidden, at, positions.length);
        }
    }

    /** Patches row after row, a patch's values as the kernel has them: channel, row, column. */
    private void unfold(float[] pixels, int from, float[] unfolded, int to) {
        int columns = vision.width() / vision.patchWidth();
        int target = to * vision.patches() * vision.patchValues();
        for (int patch = 0; patch < vision.patches(); patch++) {
            int top = patch / columns * vision.patchHeight();
            int left = patch % columns * vision.patchWidth();
            for (int channel = 0; channel < vision.channels(); channel++) {
                int plane = from * vision.pixelValues() + channel * vision.height() * vision.width();
                for (int row = 0; row < vision.patchHeight(); row++) {
                    int source = plane + (top + row) * vision.width() + left;
                    System.arraycopy(pixels, source, unfolded, target, vision.patchWidth());
                    target += vision.patchWidth();
                }
            }
        }
    }
}
