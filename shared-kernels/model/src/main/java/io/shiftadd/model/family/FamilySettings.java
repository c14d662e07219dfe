package io.shiftadd.model.family;

import io.shiftadd.model.family.ModelConfig.BlockSettings.Gate;
import io.shiftadd.model.family.ModelConfig.BlockSettings.Projections;
import io.shiftadd.model.family.ModelConfig.BlockSettings.QueryKeyNorms;
import io.shiftadd.model.family.ModelConfig.ExpertSettings;
import io.shiftadd.model.family.ModelConfig.NormSettings;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a family's reader finds in config.json; what it leaves alone is as in most families. */
final class FamilySettings {

    /** The keys that sizes came from, for errors. */
    String hiddenKey = "hidden_size";

    String headsKey = "num_attention_heads";

    /** Whether heads × headDim may differ from the hidden size. */
    boolean freeHeadDim;

    int vocabularySize;
    int hiddenSize;

    /** 0: that of the hidden state. */
    int embeddingSize;

    int layers;
    int heads;
    int kvHeads;
    int headDim;
    int intermediateSize;
    int contextLength;

    NormSettings.Kind normKind = NormSettings.Kind.RMS;
    float normEpsilon = 1e-6f;
    boolean normAffine = true;
    boolean normUnitOffset;

    boolean normFirst = true;
    boolean parallel;
    boolean residualFromNorm;
    boolean queryKeyValueBias;
    boolean outputBias;
    boolean feedForwardBias;
    boolean embeddingNorm;
    boolean finalNorm = true;
    boolean transposed;
    boolean roundedInputs;
    Projections projections = Projections.SEPARATE;
    Gate gate = Gate.SEPARATE;
    QueryKeyNorms queryKeyNorms = QueryKeyNorms.NONE;

    /** What a score is multiplied by; 0: 1/√headDim. */
    float attentionScale;

    float attentionSoftCap;

    /** Most that an element of queries, keys and values may be, either side of 0; 0 for no limit. */
    float attentionClip;

    /** Of each block; empty: all positions. */
    List<Integer> windows = List.of();

    Positions positions = new Positions.Learned(0);
    Activation activation = Activation.SILU;
    float embeddingScale = 1;
    float residualScale = 1;
    float logitScale = 1;
    float logitSoftCap;
    boolean tiedByDefault;

    /** Null where tokens go in. */
    @Nullable
    VisionSettings vision;

    /** Null where feed-forward is one. */
    @Nullable
    ExpertSettings experts;

    List<Integer> windows() {
        return windows.isEmpty() ? Collections.nCopies(layers, 0) : windows;
    }

    float attentionScale() {
        return attentionScale == 0 ? (float) Math.pow(headDim, -0.5) : attentionScale;
    }
}
