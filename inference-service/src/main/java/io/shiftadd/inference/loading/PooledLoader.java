package io.shiftadd.inference.loading;

import io.shiftadd.http.WorkThreads;

/** Loads models on threads of their own: reading and hashing gigabytes would hold those that carry requests. */
final class PooledLoader implements ModelLoader {

    private static final int THREADS = 2;
    private static final int WAITING = 64;

    private final ModelLoader loader;
    private final WorkThreads threads = new WorkThreads("model-loading", THREADS, WAITING);

    PooledLoader(ModelLoader loader) {
        this.loader = loader;
    }

    /** A model is loaded for all who will ask, so that nobody's leaving ends it. */
    @Override
    public ServedModel load(RegisteredModel model) {
        try {
            return threads.run(() -> loader.load(model), () -> {});
        } catch (WorkThreads.FullException e) {
            throw ModelLoadException.passing(model.name(), String.valueOf(e.getMessage()));
        }
    }
}
