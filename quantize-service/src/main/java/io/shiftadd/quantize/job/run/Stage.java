package io.shiftadd.quantize.job.run;

import java.util.Locale;

/** The parts of a job, in their order; no job has all. */
public enum Stage {
    VALIDATE,
    CALIBRATE,
    ALLOCATE,
    REPARAMETERIZE,
    TUNE,
    EVALUATE,
    PUBLISH;

    /** As the database spells it. */
    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
