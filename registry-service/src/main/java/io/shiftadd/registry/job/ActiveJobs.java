package io.shiftadd.registry.job;

import io.shiftadd.registry.imageset.ImageSetUsage;
import io.shiftadd.registry.model.ModelUsage;
import io.shiftadd.registry.text.TextUsage;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Which jobs stand in the way of deleting something. */
@Component
class ActiveJobs implements ModelUsage, TextUsage, ImageSetUsage {

    private static final List<JobState> ACTIVE = List.of(JobState.QUEUED, JobState.RUNNING);

    private final JobRepository jobs;

    ActiveJobs(JobRepository jobs) {
        this.jobs = jobs;
    }

    @Override
    public List<UUID> activeJobsOf(UUID model) {
        return jobs.findIdsByModel(model, ACTIVE);
    }

    @Override
    public List<UUID> activeJobsOfText(UUID text) {
        return jobs.findIdsByText(text, ACTIVE);
    }

    @Override
    public List<UUID> activeJobsOfImageSet(UUID imageSet) {
        return jobs.findIdsByImageSet(imageSet, ACTIVE);
    }
}
