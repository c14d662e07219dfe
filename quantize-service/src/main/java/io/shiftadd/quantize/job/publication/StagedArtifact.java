package io.shiftadd.quantize.job.publication;

import io.shiftadd.job.JobSettings;
import io.shiftadd.job.Tuning;
import io.shiftadd.model.Transformer;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.step.LayerBits;
import io.shiftadd.quantize.job.step.TuneStep;
import io.shiftadd.quantize.reparameterization.HeadReparameterizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The artifact of a run before it is published: assembled when first asked for, complete or not there. */
public final class StagedArtifact {

    private static final int FORMAT_VERSION = 1;

    private final JobRun run;
    private final JobResources resources;
    private final LayerBits bits;
    private final JsonMapper json;

    public StagedArtifact(JobRun run, JobResources resources, LayerBits bits, JsonMapper json) {
        this.run = run;
        this.resources = resources;
        this.bits = bits;
        this.json = json;
    }

    public Path directory() throws IOException {
        Path staged = run.workspace().staged();
        if (!Files.isDirectory(staged)) {
            Path incomplete = staged.resolveSibling(staged.getFileName() + ".part");
            boolean tuned = run.settings().tune() != null;
            List<Path> packed = new ArrayList<>();
            for (int block = 0; block < resources.model().blockCount(); block++) {
                packed.add(
                        tuned ? run.workspace().tuned(block) : run.workspace().packed(block));
            }
            if (tuned) {
                packed.add(run.workspace().tunedNorms());
            }
            if (run.settings().balancesExperts()) {
                packed.add(run.workspace().routers());
            }
            Set<String> replaced = new LinkedHashSet<>(layers());
            if (run.settings().headBits() != null) {
                packed.add(run.workspace().packedHead());
                replaced.add(HeadReparameterizer.NAME);
            }
            new ArtifactAssembly(json)
                    .assemble(resources.source().location(), packed, replaced, quantization(), incomplete);
            Files.move(incomplete, staged, StandardCopyOption.ATOMIC_MOVE);
        }
        return staged;
    }

    /** Names of all packed layers of the blocks. */
    Set<String> layers() {
        Set<String> names = new LinkedHashSet<>();
        Transformer model = resources.model();
        for (int block = 0; block < model.blockCount(); block++) {
            names.addAll(model.block(block).linearNames());
        }
        return names;
    }

    private Map<String, ?> quantization() throws IOException {
        JobSettings settings = run.settings();
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("quant_method", "shiftadd");
        config.put("format_version", FORMAT_VERSION);
        config.put("method", settings.methodOrDefault().word());
        putIfGiven(config, "terms", settings.terms());
        putIfGiven(config, "rounds", settings.rounds());
        putIfGiven(config, "activation_order", settings.activationOrder());
        putIfGiven(
                config,
                "rotation",
                settings.rotation() == null ? null : settings.rotation().word());
        putIfGiven(config, "head_bits", settings.headBits());
        config.put("samples", settings.calibrationWindows());
        config.put(
                "sequence_length",
                settings.sequenceLength(resources.model().config().contextLength()));
        config.put("seed", settings.seed());
        if (settings.originalCalibration()) {
            config.put("calibration", "original");
        }
        if (settings.balancesExperts()) {
            config.put("balance_experts", true);
        }
        Tuning tune = settings.tune();
        if (tune != null) {
            config.put("tune", tuning(tune));
        }
        config.put("bits", bits.of(List.copyOf(layers())));
        return config;
    }

    private Map<String, ?> tuning(Tuning tune) throws IOException {
        int length = TuneStep.length(run, resources);
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("steps", TuneStep.steps(run, resources, json));
        config.put("sequences", Tuning.SEQUENCES);
        config.put("sequence_length", length);
        config.put("text", tune.textOrDefault().word());
        config.put("seed", TuneStep.seed(run));
        return config;
    }

    private static void putIfGiven(Map<String, Object> config, String key, @Nullable Object value) {
        if (value != null) {
            config.put(key, value);
        }
    }
}
