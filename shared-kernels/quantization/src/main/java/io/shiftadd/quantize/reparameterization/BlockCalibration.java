package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.BlockStages;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.Transformer;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.calibration.CalibrationSet.Batch;
import io.shiftadd.quantize.calibration.CalibrationSet.Stream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calibration tokens on their way through one block, a stage at a time: all of them reach the inputs of a stage
 * before any goes on, so that the stage's layers can be fitted in between. Where the settings aim at the original
 * model, its activations keep step.
 */
final class BlockCalibration implements AutoCloseable {

    private static final int VALUES_A_CHUNK = 1 << 16;

    private final DecoderBlock expanded;
    private final BlockStages stages;
    private final int index;
    private final boolean ofLastBlock;
    private final CalibrationSet calibration;
    private final ReparameterizationSettings settings;
    private final KernelContext context;
    private final List<KvCache> caches;
    private final ActivationLane reparameterized;
    private final @Nullable ActivationLane original;
    private final float[] difference;
    private @Nullable ExpandedLinear missing;
    private float[] missingOutput = {};
    private InputMoments moments;

    /** Brings all tokens to the inputs of the first stage. */
    BlockCalibration(
            Transformer model,
            int index,
            CalibrationSet calibration,
            ReparameterizationSettings settings,
            KernelContext context) {
        this.index = index;
        ofLastBlock = index == model.blockCount() - 1;
        this.calibration = calibration;
        this.settings = settings;
        this.context = context;
        expanded = expanded(model.block(index));
        stages = expanded.stages();
        caches = calibration.newCaches(model);
        reparameterized = new ActivationLane(calibration, index, Stream.REPARAMETERIZED, stages);
        boolean two = settings.targets().original();
        original = two ? new ActivationLane(calibration, index, Stream.ORIGINAL, stages) : null;
        difference = new float[two ? reparameterized.input().length : 0];
        moments = newMoments(0);
        boolean begun = false;
        try {
            begin();
            begun = true;
        } finally {
            if (!begun) {
                close();
            }
        }
    }

    private void begin() {
        for (Batch batch : calibration.batches()) {
            TokenBatch tokens = batch.tokenBatch(caches);
            reparameterized.begin(batch, tokens, context);
            if (original != null) {
                original.begin(batch, tokens, context);
            }
            addMoments(0, batch);
        }
    }

    /** Of the inputs of the stage that all tokens have reached. */
    InputMoments moments() {
        return moments;
    }

    /** Brings all tokens through a stage, the reparameterized ones through {@code fitted}, to the next one's inputs. */
    void advance(int stage, Map<String, LinearLayer> fitted) {
        boolean last = stage == stages.count() - 1;
        if (last && ofLastBlock) {
            return;
        }
        if (!last) {
            moments = newMoments(stage + 1);
        }
        BlockStages inUse = settings.sequential() ? expanded.with(fitted).stages() : stages;
        for (Batch batch : calibration.batches()) {
            TokenBatch tokens = batch.tokenBatch(caches);
            if (original != null) {
                original.run(stages, stage, batch, tokens, context);
            }
            reparameterized.run(inUse, stage, batch, tokens, context);
            if (!last) {
                addMoments(stage + 1, batch);
            }
        }
    }

    /** Leaves the states before the next block, if there is one, in the calibration set. */
    void finish(Map<String, LinearLayer> fitted) {
        if (ofLastBlock) {
            return;
        }
        if (!settings.sequential()) {
            DecoderBlock inUse = expanded.with(fitted);
            for (Batch batch : calibration.batches()) {
                reparameterized.runWhole(inUse, batch, batch.tokenBatch(caches), context);
            }
        }
        reparameterized.publish(index + 1);
        if (original != null) {
            original.publish(index + 1);
        }
    }

    /** The block with its layers expanded once for all the tokens that go through them. */
    private static DecoderBlock expanded(DecoderBlock block) {
        Map<String, LinearLayer> layers = new LinkedHashMap<>();
        for (String name : block.linearNames()) {
            LinearLayer layer = block.linear(name);
            layers.put(
                    name, new ExpandedLinear(layer.outputs(), layer.inputs(), block.weights(name), block.bias(name)));
        }
        return block.with(layers);
    }

    @Override
    public void close() {
        reparameterized.close();
        if (original != null) {
            original.close();
        }
    }

    private InputMoments newMoments(int stage) {
        missing = original != null && missesOutputs(stage) ? withoutBias(stage) : null;
        return new InputMoments(
                stages.inputs(stage),
                original != null && missing == null,
                missing == null ? 0 : missing.outputs(),
                settings.biasCorrection() && haveBiases(stage));
    }

    private boolean missesOutputs(int stage) {
        List<String> names = stages.linears(stage);
        return names.size() == 1
                && (stages.addsToHidden(stage)
                        || expanded.linear(names.getFirst()).outputs() <= stages.inputs(stage));
    }

    /** The stage's one layer, for differences of inputs, which have no bias. */
    private ExpandedLinear withoutBias(int stage) {
        String name = stages.linears(stage).getFirst();
        return ((ExpandedLinear) expanded.linear(name)).withBias(null);
    }

    private boolean haveBiases(int stage) {
        return stages.linears(stage).stream().allMatch(name -> expanded.bias(name) != null);
    }

    /**
     * Where a stage has several layers, they share C, {@code [K, K]}. Of a single one, which has fewer outputs than
     * inputs as a rule, the outputs that are missing say the same in less: {@code W·(x_o − x)}, and {@code h_o − h}
     * where they are added to the hidden state.
     */
    private void addMoments(int stage, Batch batch) {
        if (original != null) {
            subtract(original.input(), reparameterized.input(), difference, batch.tokens() * stages.inputs(stage));
        }
        if (missing != null && original != null) {
            int values = batch.tokens() * missing.outputs();
            missingOutput = missingOutput.length < values ? new float[values] : missingOutput;
            missing.forward(difference, missingOutput, batch.tokens(), context);
            if (stages.addsToHidden(stage)) {
                addDifference(original.hidden(), reparameterized.hidden(), missingOutput, values);
            }
        }
        moments.add(reparameterized.input(), difference, missingOutput, batch.tokens(), context);
    }

    private void addDifference(float[] a, float[] b, float[] sum, int count) {
        context.parallelFor(Math.ceilDiv(count, VALUES_A_CHUNK), (chunk, _) -> {
            int end = Math.min(count, (chunk + 1) * VALUES_A_CHUNK);
            for (int i = chunk * VALUES_A_CHUNK; i < end; i++) {
                sum[i] += a[i] - b[i];
            }
        });
    }

    private void subtract(float[] a, float[] b, float[] difference, int count) {
        context.parallelFor(Math.ceilDiv(count, VALUES_A_CHUNK), (chunk, _) -> {
            int end = Math.min(count, (chunk + 1) * VALUES_A_CHUNK);
            for (int i = chunk * VALUES_A_CHUNK; i < end; i++) {
                difference[i] = a[i] - b[i];
            }
        });
    }
}
