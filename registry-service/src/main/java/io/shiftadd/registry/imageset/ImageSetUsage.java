package io.shiftadd.registry.imageset;

import java.util.List;
import java.util.UUID;

/** Tells who works with a set of images just now; the jobs answer. */
public interface ImageSetUsage {

    /** Ids of the queued and running jobs that read the set. */
    List<UUID> activeJobsOfImageSet(UUID imageSet);
}
