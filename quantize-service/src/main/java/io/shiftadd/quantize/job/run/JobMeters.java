package io.shiftadd.quantize.job.run;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.shiftadd.kernel.KernelSpecies;
import io.shiftadd.quantize.job.lease.ClaimedJob;
import io.shiftadd.quantize.job.lease.JobQueue;
import io.shiftadd.quantize.reparameterization.LayerResult;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** What Prometheus is told: durations of jobs and blocks, losses of layers, the length of the queue. */
public final class JobMeters {

    private final MeterRegistry meters;

    public JobMeters(MeterRegistry meters, JobQueue queue) {
        this.meters = meters;
        Gauge.builder("shiftadd.jobs.lost", queue, of -> known(of::lost))
                .description("Running jobs whose worker is not heard of; NaN while the database cannot be reached")
                .register(meters);
        Gauge.builder("shiftadd.jobs.queued", queue, of -> known(of::length))
                .description("Jobs that wait in the queue; NaN while the database cannot be reached")
                .register(meters);
        Gauge.builder("shiftadd.kernel", () -> 1)
                .description("Always 1; the tag says which kernels run")
                .tag("species", KernelSpecies.active().label())
                .register(meters);
    }

    private static double known(IntSupplier count) {
        try {
            return count.getAsInt();
        } catch (DataAccessException | TransactionException unreachable) {
            return Double.NaN;
        }
    }

    public void ended(ClaimedJob job, Outcome outcome, Duration duration) {
        Timer.builder("shiftadd.job.duration")
                .description("Time of one run of a job on this worker")
                .tag("kind", job.kind().name().toLowerCase(Locale.ROOT))
                .tag("method", job.settings().methodOrDefault().word())
                .tag("outcome", outcome.label())
                .register(meters)
                .record(duration);
    }

    /** @param tokens that the step was on */
    public void tuned(String method, long tokens, Duration step) {
        Timer.builder("shiftadd.job.tune.step.duration")
                .description("Time of one step of a tuning")
                .tag("method", method)
                .register(meters)
                .record(step);
        Counter.builder("shiftadd.job.tune.tokens")
                .description("Tokens that models were tuned on")
                .tag("method", method)
                .register(meters)
                .increment(tokens);
    }

    public void committed(String method, FinishedBlock block) {
        Timer.builder("shiftadd.job.block.duration")
                .description("Time of one decoder block")
                .tag("method", method)
                .register(meters)
                .record(Duration.ofNanos((long) (block.seconds() * 1e9)));
        for (LayerResult layer : block.layers()) {
            DistributionSummary.builder("shiftadd.job.layer.output.error")
                    .description("Relative output error of a reparameterized layer on its calibration inputs")
                    .tag("method", method)
                    .tag("bits", Integer.toString(layer.bits()))
                    .publishPercentiles(0.5, 0.95)
                    .register(meters)
                    .record(layer.relativeOutputError());
        }
    }
}
