package io.shiftadd.cli.bench;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.LinearInputObserver;
import io.shiftadd.model.Transformer;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.quantize.calibration.CalibrationSet;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What some of a calibration's tokens, evenly taken, bring to every layer of a model. */
final class LayerInputs implements LinearInputObserver {

    /** Of a layer. */
    private static final int MOST_TOKENS = 4096;

    private final int stride;
    private final Map<String, Taken> taken = new LinkedHashMap<>();

    private static final class Taken {
        private float[] values = {};
        private int tokens;
        private long seen;
    }

    private LayerInputs(long tokens) {
        stride = Math.toIntExact(Math.ceilDiv(tokens, MOST_TOKENS));
    }

    /** Runs the model over all of a set. */
    static LayerInputs of(Transformer model, CalibrationSet set, KernelContext context) {
        LayerInputs inputs = new LayerInputs(set.tokens());
        List<KvCache> caches = set.newCaches(model);
        for (CalibrationSet.Batch batch : set.batches()) {
            TokenBatch sequences = batch.tokenBatch(caches);
            float[] hidden = new float[Math.multiplyExact(batch.tokens(), set.width())];
            set.embed(batch, sequences, model, hidden);
            for (int i = 0; i < model.blockCount(); i++) {
                model.block(i).forward(hidden, sequences, context, inputs);
            }
        }
        return inputs;
    }

    @Override
    public void observe(String linearName, float[] x, int tokens, int inputs) {
        Taken of = taken.computeIfAbsent(linearName, _ -> new Taken());
        for (int t = 0; t < tokens; t++) {
            if (of.seen++ % stride == 0) {
                if (of.values.length < (of.tokens + 1) * inputs) {
                    of.values = Arrays.copyOf(of.values, Math.max(inputs, of.values.length * 2));
                }
                System.arraycopy(x, t * inputs, of.values, of.tokens++ * inputs, inputs);
            }
        }
    }

    /** {@code [tokens, inputs]}; may be longer. */
    float[] of(String layer) {
        return taken(layer).values;
    }

    int tokens(String layer) {
        return taken(layer).tokens;
    }

    private Taken taken(String layer) {
        Taken of = taken.get(layer);
        if (of == null) {
            throw new IllegalArgumentException("no token came to layer '" + layer + "'");
        }
        return of;
    }
}
