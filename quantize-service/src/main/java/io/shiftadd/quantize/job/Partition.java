package io.shiftadd.quantize.job;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * A block that any worker may do, as it is written in the execution context of its step.
 *
 * @param leaseVersion of the job's lease under which it was handed out: nothing is committed under a later one
 */
record Partition(UUID job, int block, long leaseVersion) {

    /** Name of the workers' step; that of a partition begins with it. */
    static final String STEP = "block";

    private static final String JOB = "job";
    private static final String BLOCK = "block";
    private static final String LEASE = "lease.version";
    private static final String WORKER = "worker";
    private static final String OUTCOME = "outcome";
    private static final String CAUSE = "cause";
    private static final String REMEDY = "remedy";

    static Partition of(StepExecution step) {
        ExecutionContext context = step.getExecutionContext();
        return new Partition(UUID.fromString(context.getString(JOB)), context.getInt(BLOCK), context.getLong(LEASE));
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
        return context;
    }

    static void takenBy(StepExecution step, String worker) {
        ExecutionContext context = step.getExecutionContext();
        context.putString(WORKER, worker);
        List.of(OUTCOME, CAUSE, REMEDY).forEach(context::remove);
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

    /** @return absent when it ended without saying how */
    static @Nullable Outcome outcomeOf(StepExecution step) {
        ExecutionContext context = step.getExecutionContext();
        String cause = context.getString(CAUSE, "");
        String remedy = context.getString(REMEDY, "");
        return switch (context.getString(OUTCOME, "")) {
            case "Failed" -> new Outcome.Failed(cause, remedy);
            case "Faulted" -> new Outcome.Faulted(cause, remedy);
            case "" -> null;
            default -> new Outcome.Interrupted("a worker gave its block back");
        };
    }
}
