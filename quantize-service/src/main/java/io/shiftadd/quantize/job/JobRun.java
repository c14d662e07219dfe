package io.shiftadd.quantize.job;

import java.util.Map;

/** One run of a claimed job on this worker: what its steps share. */
final class JobRun {

    private final ClaimedJob job;
    private final JobWorkspace workspace;
    private final JobProgress progress;
    private final PeakMemory memory = new PeakMemory();

    JobRun(ClaimedJob job, JobWorkspace workspace, JobProgress progress) {
        this.job = job;
        this.workspace = workspace;
        this.progress = progress;
    }

    ClaimedJob job() {
        return job;
    }

    JobLease lease() {
        return job.lease();
    }

    JobSettings settings() {
        return job.settings();
    }

    JobWorkspace workspace() {
        return workspace;
    }

    JobProgress progress() {
        return progress;
    }

    PeakMemory memory() {
        return memory;
    }

    /** To be called at every row-block. @throws JobStoppedException if the work is to end here */
    void check() {
        job.lease().check();
    }

    /** By which what the log says of this run is found. */
    String reference() {
        return "job " + job.id() + " attempt " + job.attempt();
    }

    void warn(String message, String remedy) {
        progress.event("warning", Map.of("message", message, "remedy", remedy));
    }
}
