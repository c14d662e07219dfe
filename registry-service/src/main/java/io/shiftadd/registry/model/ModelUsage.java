package io.shiftadd.registry.model;

import java.util.List;
import java.util.UUID;

/** Tells who works with a model just now; the jobs answer. */
public interface ModelUsage {

    /** Ids of the queued and running jobs that read the model. */
    List<UUID> activeJobsOf(UUID model);
}
