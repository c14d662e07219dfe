package io.shiftadd.quantize.job.run;

import io.shiftadd.job.JobSettings;
import io.shiftadd.quantize.job.lease.ClaimedJob;
import io.shiftadd.quantize.job.lease.JobLease;
import io.shiftadd.quantize.reparameterization.Incoherence;
import io.shiftadd.quantize.reparameterization.Method;
import io.shiftadd.quantize.reparameterization.ReparameterizationSettings;
import java.util.Map;

/** One run of a claimed job on this worker: what its steps share. */
public final class JobRun {

    private final ClaimedJob job;
    private final JobWorkspace workspace;
    private final JobProgress progress;
    private final PeakMemory memory = new PeakMemory();

    public JobRun(ClaimedJob job, JobWorkspace workspace, JobProgress progress) {
        this.job = job;
        this.workspace = workspace;
        this.progress = progress;
    }

    public ClaimedJob job() {
        return job;
    }

    public JobLease lease() {
        return job.lease();
    }

    public JobSettings settings() {
        return job.settings();
    }

    public JobWorkspace workspace() {
        return workspace;
    }

    public JobProgress progress() {
        return progress;
    }

    public PeakMemory memory() {
        return memory;
    }

    /** To be called at every row-block. @throws JobStoppedException if the work is to end here */
    public void check() {
        job.lease().check();
    }

    /** By which what the log says of this run is found. */
    public String reference() {
        return "job " + job.id() + " attempt " + job.attempt();
    }

    public void warn(String message, String remedy) {
        progress.event("warning", Map.of("message", message, "remedy", remedy));
    }

    /** The method's default recipe with what the job says. */
    public ReparameterizationSettings recipe() {
        JobSettings settings = settings();
        ReparameterizationSettings recipe = ReparameterizationSettings.of(
                        Method.valueOf(settings.methodOrDefault().name()))
                .withSeed(settings.seed());
        if (settings.terms() != null) {
            recipe = recipe.withTerms(settings.terms());
        }
        if (settings.rounds() != null) {
            recipe = recipe.withRounds(settings.rounds());
        }
        if (settings.activationOrder() != null) {
            recipe = recipe.withActivationOrder(settings.activationOrder());
        }
        return switch (settings.rotation()) {
            case AUTO -> recipe.withIncoherence(Incoherence.AUTOMATIC);
            case ALWAYS -> recipe.withIncoherence(Incoherence.ROTATED);
            case NEVER -> recipe.withIncoherence(Incoherence.NONE);
            case null -> recipe;
        };
    }
}
