package io.shiftadd.registry.text;

import io.shiftadd.job.JobId;
import io.shiftadd.job.TextId;
import java.util.List;

/** Tells who works with a text just now; the jobs answer. */
public interface TextUsage {

    /** Ids of the queued and running jobs that read the text. */
    List<JobId> activeJobsOf(TextId text);
}
