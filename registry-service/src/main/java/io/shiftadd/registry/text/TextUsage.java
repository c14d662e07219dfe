package io.shiftadd.registry.text;

import java.util.List;
import java.util.UUID;

/** Tells who works with a text just now; the jobs answer. */
public interface TextUsage {

    /** Ids of the queued and running jobs that read the text. */
    List<UUID> activeJobsOfText(UUID text);
}
