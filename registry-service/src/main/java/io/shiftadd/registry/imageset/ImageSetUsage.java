package io.shiftadd.registry.imageset;

import io.shiftadd.job.ImageSetId;
import io.shiftadd.job.JobId;
import java.util.List;

/** Tells who works with a set of images just now; the jobs answer. */
public interface ImageSetUsage {

    /** Ids of the queued and running jobs that read the set. */
    List<JobId> activeJobsOfImageSet(ImageSetId imageSet);
}
