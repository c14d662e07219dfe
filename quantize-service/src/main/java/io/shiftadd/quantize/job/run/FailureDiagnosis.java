package io.shiftadd.quantize.job.run;

import io.shiftadd.format.FormatException;
import io.shiftadd.quantize.evaluation.MeasurementException;
import io.shiftadd.quantize.job.lease.DatabasePatience;
import io.shiftadd.quantize.job.lease.JobLease;
import io.shiftadd.quantize.job.lease.JobStoppedException;
import io.shiftadd.quantize.job.lease.JobStoppedException.Reason;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads from what was thrown what has to become of the job, and what its user has to be told. */
final class FailureDiagnosis {

    private FailureDiagnosis() {}

    /**
     * @param reference by which the full story is found in the log
     */
    static Outcome diagnose(List<Throwable> failures, JobLease lease, String reference) {
        List<Throwable> chain = chainOf(failures);
        Reason reason = stopReason(chain, lease);
        if (reason != null) {
            return switch (reason) {
                case LEASE_LOST -> new Outcome.Lost();
                case CANCELLED -> new Outcome.Cancelled();
                case SHUTDOWN -> new Outcome.Released();
            };
        }
        for (Throwable failure : chain) {
            Outcome known = known(failure);
            if (known != null) {
                return known;
            }
        }
        if (chain.stream().anyMatch(DatabasePatience::isPassing)) {
            return new Outcome.Interrupted("the database could not be reached");
        }
        Throwable root = chain.isEmpty() ? null : chain.getLast();
        String said = root == null
                ? "a step ended without saying why"
                : root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + root.getMessage());
        return new Outcome.Faulted(
                "unexpected failure: " + said,
                "Retry the job. If it fails again, look up '" + reference
                        + "' in the log of the quantize-service and report it.");
    }

    /** A lease that is to stop explains every failure: an interrupted read, say. */
    private static @Nullable Reason stopReason(List<Throwable> chain, JobLease lease) {
        for (Throwable failure : chain) {
            if (failure instanceof JobStoppedException stopped) {
                return stopped.reason();
            }
        }
        return lease.stopReason();
    }

    private static @Nullable Outcome known(Throwable failure) {
        return switch (failure) {
            case PartitionFailedException partition -> partition.outcome();
            case JobRefusedException refused -> new Outcome.Failed(refused.reason(), refused.remedy());
            case MeasurementException measurement -> new Outcome.Failed(measurement.reason(), measurement.remedy());
            case FormatException format ->
                new Outcome.Failed(format.where() + ": " + format.what() + "; " + format.limit(), format.remedy());
            case NoSuchFileException missing ->
                new Outcome.Failed(
                        "file " + missing.getFile() + " is gone",
                        "Put the file back, or import the model again, then retry the job.");
            case IOException io
            when isDiskFull(io) ->
                new Outcome.Failed(
                        "the disk is full: " + io.getMessage(),
                        "Free space under the data directory, or move it to a larger disk, then retry the job;"
                                + " it goes on after the last finished block.");
            // How the Java virtual machine tells that a page of a mapped file could not be had.
            case InternalError mapped
            when String.valueOf(mapped.getMessage()).contains("unsafe memory access") ->
                new Outcome.Failed(
                        "a mapped file could not be read or written: the disk is full, or the file was cut short",
                        "Free space under the data directory and see that the model's files are complete, then retry the"
                                + " job; it goes on after the last finished block.");
            case OutOfMemoryError memory ->
                new Outcome.Failed(
                        "out of memory: " + memory.getMessage(),
                        "Give the quantize-service a larger heap (-Xmx), or ask for fewer samples or shorter sequences,"
                                + " then retry the job; it goes on after the last finished block.");
            default -> null;
        };
    }

    static boolean isDiskFull(IOException failure) {
        String message = failure.getMessage();
        if (message == null) {
            return false;
        }
        String said = message.toLowerCase(Locale.ROOT);
        return said.contains("no space left") || said.contains("quota exceeded") || said.contains("disk full");
    }

    /** All causes of all failures, each once, outer ones first. */
    private static List<Throwable> chainOf(List<Throwable> failures) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> chain = new ArrayList<>();
        for (Throwable failure : failures) {
            for (Throwable t = failure; t != null && seen.add(t); t = t.getCause()) {
                chain.add(t);
            }
        }
        return chain;
    }
}
