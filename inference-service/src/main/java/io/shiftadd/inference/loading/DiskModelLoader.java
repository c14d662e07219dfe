package io.shiftadd.inference.loading;

import io.shiftadd.format.FormatException;
import io.shiftadd.inference.generation.ComputeTurns;
import io.shiftadd.inference.generation.EngineModel;
import io.shiftadd.inference.generation.EngineSettings;
import io.shiftadd.inference.generation.GenerationEngine;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.KvCache;
import io.shiftadd.tokenizer.Tokenizer;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads models from where the registry says they lie: weights are mapped, not copied. */
final class DiskModelLoader implements ModelLoader {

    private static final Logger LOG = LoggerFactory.getLogger(DiskModelLoader.class);

    private final ModelDirectory directory;
    private final ComputeTurns turns;
    private final EngineSettings settings;
    private final KvCache.Precision cachePrecision;
    private final EngineMetrics metrics;

    DiskModelLoader(
            ModelDirectory directory,
            ComputeTurns turns,
            EngineSettings settings,
            KvCache.Precision cachePrecision,
            EngineMetrics metrics) {
        this.directory = directory;
        this.turns = turns;
        this.settings = settings;
        this.cachePrecision = cachePrecision;
        this.metrics = metrics;
    }

    @Override
    public LoadedModel load(RegisteredModel registered) {
        long start = System.nanoTime();
        ModelFiles.verify(registered, directory.files(registered));
        try {
            LoadedModel loaded = open(registered);
            LOG.info(
                    "Loaded model {} ({}, {} bytes) in {} ms",
                    registered.name(),
                    registered.kind(),
                    registered.sizeBytes(),
                    Duration.ofNanos(System.nanoTime() - start).toMillis());
            return loaded;
        } catch (FormatException | UncheckedIOException | IllegalArgumentException e) {
            throw new ModelLoadException(registered.name(), e);
        }
    }

    private LoadedModel open(RegisteredModel registered) {
        CausalLanguageModel model = CausalLanguageModel.open(registered.path());
        try {
            Tokenizer tokenizer = Tokenizer.open(registered.path());
            EngineModel engineModel = new EngineModel(registered.name(), model, tokenizer, cachePrecision);
            GenerationEngine engine =
                    new GenerationEngine(engineModel, settings, turns, metrics.observe(registered.name()));
            return new LoadedModel(registered, model, tokenizer, engine);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }
}
