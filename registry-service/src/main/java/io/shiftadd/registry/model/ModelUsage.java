package io.shiftadd.registry.model;

import io.shiftadd.job.JobId;
import io.shiftadd.job.ModelId;
import java.util.List;

/** Tells who works with a model just now; the jobs answer. */
public interface ModelUsage {

    /** Ids of the queued and running jobs that read the model. */
    List<JobId> activeJobsOf(ModelId model);
}
