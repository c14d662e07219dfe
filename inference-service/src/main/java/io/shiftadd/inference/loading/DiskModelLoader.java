package io.shiftadd.inference.loading;

import io.shiftadd.format.FormatException;
import io.shiftadd.inference.generation.CacheMemory;
import io.shiftadd.inference.generation.ComputeTurns;
import io.shiftadd.inference.generation.EngineModel;
import io.shiftadd.inference.generation.EngineSettings;
import io.shiftadd.inference.generation.GenerationEngine;
import io.shiftadd.inference.generation.warmup.EngineRehearsal;
import io.shiftadd.inference.generation.warmup.KernelWarmUp;
import io.shiftadd.inference.prefix.PrefixDisk;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.ImageClassifier;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.family.Modality;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.vision.ImagePreprocessor;
import io.shiftadd.store.ArtifactCache;
import io.shiftadd.store.ObjectStore;
import io.shiftadd.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads models from where the registry says they lie: weights are mapped, not copied, but out of object storage. */
final class DiskModelLoader implements ModelLoader {

    private static final Logger LOG = LoggerFactory.getLogger(DiskModelLoader.class);

    private final ModelDirectory directory;
    private final ComputeTurns turns;
    private final EngineSettings settings;
    private final CacheMemory memory;
    private final KvCache.Precision cachePrecision;
    private final Duration warmUp;
    private final EngineMetrics metrics;
    private final @Nullable ArtifactCache artifacts;
    private final PrefixDisk prefixes;

    DiskModelLoader(
            ModelDirectory directory,
            ComputeTurns turns,
            EngineSettings settings,
            CacheMemory memory,
            KvCache.Precision cachePrecision,
            Duration warmUp,
            EngineMetrics metrics,
            @Nullable ArtifactCache artifacts,
            PrefixDisk prefixes) {
        this.directory = directory;
        this.turns = turns;
        this.settings = settings;
        this.memory = memory;
        this.cachePrecision = cachePrecision;
        this.warmUp = warmUp;
        this.metrics = metrics;
        this.artifacts = artifacts;
        this.prefixes = prefixes;
    }

    @Override
    public ServedModel load(RegisteredModel model) {
        long start = System.nanoTime();
        RegisteredModel registered = local(model);
        try {
            ServedModel loaded = open(registered, ModelFiles.verify(registered, directory.files(registered)));
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

    /** The model as it lies on this machine; brought here from object storage if need be. */
    private RegisteredModel local(RegisteredModel model) {
        if (artifacts == null || !ObjectStore.isLocation(model.location())) {
            return model;
        }
        try {
            return model.at(artifacts.fetch(model.location()));
        } catch (IOException e) {
            throw new ModelLoadException(model.name(), e);
        }
    }

    private ServedModel open(RegisteredModel registered, ModelFiles files) {
        return ModelConfig.read(registered.path()).modality() == Modality.IMAGE
                ? openImages(registered, files)
                : openText(registered, files);
    }

    private LoadedImageModel openImages(RegisteredModel registered, ModelFiles files) {
        ImageClassifier model = ImageClassifier.open(registered.path());
        try {
            files.contents().requireFinite(model.tensorNames());
            ImagePreprocessor preprocessor = ImagePreprocessor.of(registered.path(), model.config());
            return new LoadedImageModel(registered, files, model, preprocessor, turns, settings.maxWaiting());
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private LoadedModel openText(RegisteredModel registered, ModelFiles files) {
        CausalLanguageModel model = CausalLanguageModel.open(registered.path());
        try {
            files.contents().requireFinite(model.tensorNames());
            Tokenizer tokenizer = Tokenizer.open(registered.path());
            // Whole answers run the kernels, too; what they pass on the way would be slow at first otherwise.
            Duration taken = KernelWarmUp.run(model, cachePrecision, turns, warmUp.dividedBy(2), () -> false);
            EngineModel engineModel = new EngineModel(registered.name(), model, tokenizer, cachePrecision);
            if (model.config().contextLength() > EngineRehearsal.CONTEXT) {
                EngineRehearsal.run(engineModel, settings, memory, turns, warmUp.minus(taken));
            }
            GenerationEngine engine = new GenerationEngine(
                    engineModel.with(prefixes.of(registered.digest(), cachePrecision)),
                    settings,
                    memory,
                    turns,
                    metrics.observe(registered.name()));
            return new LoadedModel(registered, files, model, tokenizer, engine);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }
}
