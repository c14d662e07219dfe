package io.shiftadd.quantize.reparameterization;

/** Hears how a block gets on; called from the thread that reparameterizes. */
@FunctionalInterface
public interface ProgressListener {

    /** Does nothing. */
    ProgressListener NONE = (_, _) -> {};

    /**
     * @param fraction of the block's work that is done, 0 to 1
     * @param activity what comes next, for people
     */
    void progress(double fraction, String activity);
}
