package io.shiftadd.inference.loading;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A model that is loaded or loading; guarded by the lock of {@link ServedModels}, which it belongs to. */
final class ModelSlot {

    /** How long what was found of a model's files is believed; looking takes some microseconds a file. */
    private static final long LOOK_NANOS = 1_000_000_000L;

    /** A load that failed is not tried again for this long, so that a broken model costs little. */
    private static final long RETRY_NANOS = 5_000_000_000L;

    final RegisteredModel model;
    final CompletableFuture<ServedModel> loaded = new CompletableFuture<>();
    int uses;

    /** Whether one of the names that it was asked for by is pinned: models of one digest share a slot. */
    boolean pinned;

    long lastUse;
    long failedAt;
    private long lastLook = System.nanoTime();

    ModelSlot(RegisteredModel model) {
        this.model = model;
    }

    /** Waits until nobody uses it, at most so long; who lets go of it notifies the lock, which is held. */
    void awaitUnused(Object lock, long nanos) {
        long until = System.nanoTime() + nanos;
        try {
            for (long left = nanos; uses > 0 && left > 0; left = until - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isIdle() {
        return uses == 0 && loaded.isDone();
    }

    boolean isLoaded() {
        return loaded.isDone() && !loaded.isCompletedExceptionally();
    }

    /** A failure is remembered for a moment, and only for the place that it happened at. */
    boolean hasFailedFor(RegisteredModel wanted, long now) {
        return failedAt != 0
                && (now - failedAt > RETRY_NANOS || !model.location().equals(wanted.location()));
    }

    boolean isOutdated(long now) {
        if (!isLoaded() || now - lastLook < LOOK_NANOS) {
            return false;
        }
        lastLook = now;
        return loaded.join().isOutdated();
    }
}
