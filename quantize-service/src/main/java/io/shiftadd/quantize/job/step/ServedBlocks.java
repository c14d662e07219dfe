package io.shiftadd.quantize.job.step;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinearFormat;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.DecoderBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts packed layers from files into the blocks of the original model, and the originals back when it is closed. */
final class ServedBlocks implements AutoCloseable {

    private final CausalLanguageModel model;
    private final List<Map<String, LinearLayer>> originals = new ArrayList<>();
    private final List<Checkpoint> open = new ArrayList<>();

    /** @param files of {@link PackedBlocks}, one a block */
    ServedBlocks(CausalLanguageModel model, List<Path> files) {
        this.model = model;
        boolean complete = false;
        try {
            for (int i = 0; i < model.blockCount(); i++) {
                Checkpoint packed = Checkpoint.open(files.get(i));
                open.add(packed);
                DecoderBlock block = model.block(i);
                originals.add(layers(block));
                for (String name : block.linearNames()) {
                    block.replace(name, PackedLinearFormat.read(name, packed));
                }
            }
            complete = true;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    static Map<String, LinearLayer> layers(DecoderBlock block) {
        Map<String, LinearLayer> layers = new LinkedHashMap<>();
        block.linearNames().forEach(name -> layers.put(name, block.linear(name)));
        return layers;
    }

    @Override
    public void close() {
        for (int i = 0; i < originals.size(); i++) {
            originals.get(i).forEach(model.block(i)::replace);
        }
        open.forEach(Checkpoint::close);
    }
}
