package io.shiftadd.inference.loading;

/** A model in memory. */
sealed interface ServedModel permits LoadedModel, LoadedImageModel {

    /** Whether its files, which are mapped and not copied, are no longer those that were checked. */
    boolean isOutdated();

    void close();
}
