package io.shiftadd.inference.loading;

import io.shiftadd.inference.generation.ComputeTurns;
import io.shiftadd.inference.generation.NotFiniteException;
import io.shiftadd.inference.generation.QueueFullException;
import io.shiftadd.model.ImageClassifier;
import io.shiftadd.model.Logits;
import io.shiftadd.model.vision.ImagePreprocessor;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A model of images in memory, with its preprocessing. Thread-safe. */
public final class LoadedImageModel implements ServedModel {

    private static final Duration SOON = Duration.ofSeconds(3);

    private final RegisteredModel registered;
    private final ModelFiles files;
    private final ImageClassifier model;
    private final ImagePreprocessor preprocessor;
    private final ComputeTurns turns;
    private final int maxWaiting;
    private final AtomicInteger requests = new AtomicInteger();

    /** @param maxWaiting requests at a time; what comes beside them is to come again */
    LoadedImageModel(
            RegisteredModel registered,
            ModelFiles files,
            ImageClassifier model,
            ImagePreprocessor preprocessor,
            ComputeTurns turns,
            int maxWaiting) {
        this.registered = registered;
        this.files = files;
        this.model = model;
        this.preprocessor = preprocessor;
        this.turns = turns;
        this.maxWaiting = maxWaiting;
    }

    public ImagePreprocessor preprocessor() {
        return preprocessor;
    }

    /** Names of the classes. */
    public List<String> labels() {
        return model.vision().labels();
    }

    /** A request's place among those that may be under way; kept from before its images are decoded. */
    public final class Place implements AutoCloseable {

        private Place() {}

        @Override
        public void close() {
            requests.decrementAndGet();
        }
    }

    /** @throws QueueFullException if there are too many already */
    public Place enter() {
        if (requests.incrementAndGet() > maxWaiting) {
            requests.decrementAndGet();
            throw QueueFullException.of(maxWaiting, "requests with images", SOON);
        }
        return new Place();
    }

    /**
     * A few images at a turn, so that other models come in between.
     *
     * @param pixels {@code [images, channels, height, width]}, as the preprocessor makes them
     * @return {@code [images, classes]}
     * @throws NotFiniteException if the model computes what is no number
     */
    public float[] logits(float[] pixels, int images) {
        int classes = labels().size();
        float[] logits = new float[Math.multiplyExact(images, classes)];
        for (int from = 0; from < images; from += model.imagesPerPass()) {
            int count = Math.min(model.imagesPerPass(), images - from);
            float[] some =
                    Arrays.copyOfRange(pixels, from * preprocessor.values(), (from + count) * preprocessor.values());
            float[] ofSome = new float[count * classes];
            turns.run(context -> model.logits(some, count, ofSome, context));
            System.arraycopy(ofSome, 0, logits, from * classes, ofSome.length);
        }
        int broken = Logits.firstNotFinite(logits, 0, logits.length);
        if (broken >= 0) {
            throw NotFiniteException.ofClass(registered.name(), broken % classes, logits[broken]);
        }
        return logits;
    }

    @Override
    public boolean isOutdated() {
        return files.changed();
    }

    @Override
    public @Nullable String fault() {
        return files.rewritten(registered.name());
    }

    /** A pass is over before anybody could be told. */
    @Override
    public void stop(String reason) {}

    /** Nobody uses it any more, but a pass may be under way in its last turn. */
    @Override
    public void close() {
        turns.run(_ -> model.close());
    }
}
