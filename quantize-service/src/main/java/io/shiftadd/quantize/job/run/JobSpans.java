package io.shiftadd.quantize.job.run;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.shiftadd.quantize.job.lease.ClaimedJob;

/**
 * A run of a job as a trace: a span for the run, within it one for each step, within these one for each block. Blocks
 * that other workers do are traces of their own; the id of the job is on all of them.
 */
public final class JobSpans {

    private final Tracer tracer;

    public JobSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    /** What a span lasts as long as. */
    public interface Work<T, E extends Exception> {
        T run(Span span) throws E;
    }

    /** @param name of the span; the same for all jobs */
    public <T, E extends Exception> T during(String name, JobRun run, Work<T, E> work) throws E {
        ClaimedJob job = run.job();
        Span span = tracer.nextSpan()
                .name(name)
                .tag("job.id", job.id().toString())
                .tag("job.attempt", job.attempt())
                .tag("job.method", job.settings().methodOrDefault().word())
                .start();
        try (Tracer.SpanInScope _ = tracer.withSpan(span)) {
            return work.run(span);
        } catch (Exception failure) {
            span.error(failure);
            throw failure;
        } finally {
            span.end();
        }
    }
}
