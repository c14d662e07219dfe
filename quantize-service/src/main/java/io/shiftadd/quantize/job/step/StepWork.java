package io.shiftadd.quantize.job.step;

/** What a step of a job does, from its beginning to its end. May be run again, also after it was broken off. */
@FunctionalInterface
public interface StepWork {
    void execute() throws Exception;
}
