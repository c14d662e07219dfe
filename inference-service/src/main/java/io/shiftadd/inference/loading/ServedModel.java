package io.shiftadd.inference.loading;

import org.jspecify.annotations.Nullable;

/** A model in memory. */
sealed interface ServedModel permits LoadedModel, LoadedImageModel {

    /** Whether it is to be loaded anew: its files, which are mapped and not copied, are not those that were checked. */
    boolean isOutdated();

    /** Why it cannot answer any more, not even what it has begun; null when it can. */
    @Nullable
    String fault();

    /** Ends what it has begun, which is told why. */
    void stop(String reason);

    void close();
}
