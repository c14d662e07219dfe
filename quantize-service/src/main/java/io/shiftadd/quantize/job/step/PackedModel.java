package io.shiftadd.quantize.job.step;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.PackedLinearFormat;
import io.shiftadd.model.Transformer;
import io.shiftadd.quantize.job.run.JobRefusedException;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.reparameterization.HeadReparameterizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The layers that a job has fitted, from their files: beside the original, which stays as it is. */
final class PackedModel implements AutoCloseable {

    private final List<Map<String, PackedLinear>> blocks = new ArrayList<>();
    private final List<Checkpoint> open = new ArrayList<>();
    private final LinearLayer head;

    PackedModel(JobRun run, JobResources resources) {
        Transformer model = resources.model();
        boolean complete = false;
        try {
            for (int i = 0; i < model.blockCount(); i++) {
                Checkpoint file = Checkpoint.open(run.workspace().packed(i));
                open.add(file);
                Map<String, PackedLinear> layers = new LinkedHashMap<>();
                for (String name : model.block(i).linearNames()) {
                    layers.put(name, packed(name, PackedLinearFormat.read(name, file)));
                }
                blocks.add(layers);
            }
            if (run.settings().headBits() == null) {
                head = model.head();
            } else {
                Checkpoint file = Checkpoint.open(run.workspace().packedHead());
                open.add(file);
                head = PackedLinearFormat.read(HeadReparameterizer.NAME, file);
            }
            complete = true;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    private static PackedLinear packed(String name, LinearLayer layer) {
        if (layer instanceof PackedLinear packed) {
            return packed;
        }
        throw new JobRefusedException(
                "layer " + name + " is not of shifts and adds, and cannot be tuned", "Post the job without tune.");
    }

    /** Per block: its layers by their names. */
    List<Map<String, PackedLinear>> blocks() {
        return blocks;
    }

    /** The one that will be served. */
    LinearLayer head() {
        return head;
    }

    /** Of a weight. */
    double meanBits() {
        double bits = 0;
        double weights = 0;
        for (Map<String, PackedLinear> block : blocks) {
            for (PackedLinear layer : block.values()) {
                double of = (double) layer.outputs() * layer.inputs();
                bits += of * layer.bits();
                weights += of;
            }
        }
        return bits / weights;
    }

    @Override
    public void close() {
        open.forEach(Checkpoint::close);
    }
}
