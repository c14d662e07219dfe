package io.shiftadd.quantize.job.partition;

import io.shiftadd.job.JobId;
import io.shiftadd.quantize.job.run.Outcome;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * A part of a job that any worker may do, as it is written in the execution context of its step: a block, or one layer
 * of a block whose holder waits for it.
 *
 * @param leaseVersion of the job's lease under which it was handed out: nothing is committed under a later one
 * @param layer absent for a whole block
 */
record Partition(
        JobId job, int block, long leaseVersion, @Nullable Layer layer) {

    /**
     * @param name of the layer
     * @param stage file with what the layer's fit has to know, relative to the work directory
     */
    record Layer(String name, String stage) {}

    /**
     * A layer that has been fitted.
     *
     * @param file with the layer, beside that of its stage
     */
    record Fitted(String worker, String file, String sha256) {}

    /** Name of the workers' step; that of a partition begins with it. */
    static final String STEP = "block";

    private static final String JOB = "job";
    private static final String BLOCK = "block";
    private static final String LEASE = "lease.version";
    private static final String WORKER = "worker";
    private static final String LAYER = "layer";
    private static final String STAGE = "stage";
    private static final String FILE = "file";
    private static final String SHA256 = "sha256";
    private static final String OUTCOME = "outcome";
    private static final String CAUSE = "cause";
    private static final String REMEDY = "remedy";

    static Partition of(StepExecution step) {
        ExecutionContext context = step.getExecutionContext();
        Layer layer = context.containsKey(LAYER) ? new Layer(context.getString(LAYER), context.getString(STAGE)) : null;
        return new Partition(
                new JobId(UUID.fromString(context.getString(JOB))),
                context.getInt(BLOCK),
                context.getLong(LEASE),
                layer);
    }

    static boolean isOne(StepExecution step) {
        return step.getStepName().startsWith(STEP + ":");
    }

    /** Never that of an earlier lease: Spring Batch would hand the earlier context on. */
    String name() {
        return String.format(Locale.ROOT, "%04d@%d", block, leaseVersion);
    }

    ExecutionContext context() {
        ExecutionContext context = new ExecutionContext();
        context.putString(JOB, job.toString());
        context.putInt(BLOCK, block);
        context.putLong(LEASE, leaseVersion);
        if (layer != null) {
            context.putString(LAYER, layer.name);
            context.putString(STAGE, layer.stage);
        }
        return context;
    }

    /** For people. */
    String what() {
        return layer == null ? "block " + block : "layer " + layer.name;
    }

    static void takenBy(StepExecution step, String worker) {
        ExecutionContext context = step.getExecutionContext();
        context.putString(WORKER, worker);
        List.of(FILE, SHA256, OUTCOME, CAUSE, REMEDY).forEach(context::remove);
    }

    static void fitted(StepExecution step, String file, String sha256) {
        ExecutionContext context = step.getExecutionContext();
        context.putString(FILE, file);
        context.putString(SHA256, sha256);
    }

    static Fitted fittedOf(StepExecution step) {
        ExecutionContext context = step.getExecutionContext();
        return new Fitted(workerOf(step), context.getString(FILE), context.getString(SHA256));
    }

    static String workerOf(StepExecution step) {
        return step.getExecutionContext().getString(WORKER, "unknown");
    }

    /** Leaves how the worker's part ended where the one who waits for it finds it. */
    static void write(StepExecution step, Outcome outcome) {
        ExecutionContext context = step.getExecutionContext();
        context.putString(OUTCOME, outcome.getClass().getSimpleName());
        switch (outcome) {
            case Outcome.Failed(String cause, String remedy) -> put(context, cause, remedy);
            case Outcome.Faulted(String cause, String remedy) -> put(context, cause, remedy);
            default -> {}
        }
    }

    private static void put(ExecutionContext context, String cause, String remedy) {
        context.putString(CAUSE, cause);
        context.putString(REMEDY, remedy);
    }

    /** @return how they have ended together, the worst of all; absent when all is well */
    static @Nullable Outcome worst(Collection<StepExecution> partitions) {
        Outcome worst = null;
        for (StepExecution partition : partitions) {
            if (partition.getStatus() == BatchStatus.COMPLETED) {
                continue;
            }
            Outcome outcome = outcomeOf(partition);
            if (outcome instanceof Outcome.Failed || outcome instanceof Outcome.Faulted) {
                return outcome;
            }
            worst = new Outcome.Interrupted("a worker gave its part back");
        }
        return worst;
    }

    /** @return absent when it ended without saying how */
    static @Nullable Outcome outcomeOf(StepExecution step) {
        ExecutionContext context = step.getExecutionContext();
        String cause = context.getString(CAUSE, "");
        String remedy = context.getString(REMEDY, "");
        return switch (context.getString(OUTCOME, "")) {
            case "Failed" -> new Outcome.Failed(cause, remedy);
            case "Faulted" -> new Outcome.Faulted(cause, remedy);
            case "" -> null;
            default -> new Outcome.Interrupted("a worker gave its part back");
        };
    }
}
