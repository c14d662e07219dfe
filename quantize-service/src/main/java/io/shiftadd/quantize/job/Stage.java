package io.shiftadd.quantize.job;

import java.util.Locale;

/** The parts of a job with their place on the bar from 0 to 1: rough shares of the time, so that the bar moves evenly. */
enum Stage {
    VALIDATE(0.00, 0.02),
    CALIBRATE(0.02, 0.10),
    ALLOCATE(0.10, 0.20),
    REPARAMETERIZE(0.20, 0.85),
    EVALUATE(0.85, 0.98),
    PUBLISH(0.98, 1.00);

    private final double start;
    private final double end;

    Stage(double start, double end) {
        this.start = start;
        this.end = end;
    }

    /** @param done share of this stage that is done, 0 to 1 */
    double progress(double done) {
        return start + (end - start) * Math.clamp(done, 0.0, 1.0);
    }

    /** As the database spells it. */
    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
