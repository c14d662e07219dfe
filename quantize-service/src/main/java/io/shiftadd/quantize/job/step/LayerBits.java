package io.shiftadd.quantize.job.step;

import io.shiftadd.job.Size;
import io.shiftadd.quantize.artifact.DurableFiles;
import io.shiftadd.quantize.job.run.JobRun;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The bits of every layer: the same for all, or as the allocation decided, which is kept in the work directory. */
public final class LayerBits {

    private final JobRun run;
    private final JsonMapper json;

    public LayerBits(JobRun run, JsonMapper json) {
        this.run = run;
        this.json = json;
    }

    public Map<String, Integer> of(List<String> layers) throws IOException {
        Map<String, Integer> bits = new LinkedHashMap<>();
        Integer uniform = run.settings().size() instanceof Size.Bits same ? same.bits() : null;
        Map<String, Integer> allocated = uniform == null ? allocation() : Map.of();
        for (String layer : layers) {
            Integer of = uniform == null ? allocated.get(layer) : uniform;
            if (of == null) {
                throw new IllegalStateException("no bits were allocated to layer '" + layer + "'");
            }
            bits.put(layer, of);
        }
        return bits;
    }

    void save(Map<String, Integer> allocation) throws IOException {
        DurableFiles.write(run.workspace().allocation(), run.workspace().owner(), json.writeValueAsBytes(allocation));
    }

    private Map<String, Integer> allocation() throws IOException {
        return json.readValue(Files.readAllBytes(run.workspace().allocation()), new TypeReference<>() {});
    }
}
