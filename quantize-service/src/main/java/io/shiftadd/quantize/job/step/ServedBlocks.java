package io.shiftadd.quantize.job.step;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinearFormat;
import io.shiftadd.model.Transformer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The original model with packed layers from files in its blocks; holds the files open. */
final class ServedBlocks implements AutoCloseable {

    private final List<Checkpoint> open = new ArrayList<>();
    private final Transformer model;

    /** @param files of {@link PackedBlocks}, one a block */
    ServedBlocks(Transformer original, List<Path> files) {
        boolean complete = false;
        try {
            Map<String, LinearLayer> layers = new HashMap<>();
            for (int i = 0; i < original.blockCount(); i++) {
                Checkpoint packed = Checkpoint.open(files.get(i));
                open.add(packed);
                for (String name : original.block(i).linearNames()) {
                    layers.put(name, PackedLinearFormat.read(name, packed));
                }
            }
            model = original.with(layers);
            complete = true;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    Transformer model() {
        return model;
    }

    @Override
    public void close() {
        open.forEach(Checkpoint::close);
    }
}
