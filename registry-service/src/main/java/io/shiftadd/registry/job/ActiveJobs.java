package io.shiftadd.registry.job;

import io.shiftadd.job.ImageSetId;
import io.shiftadd.job.JobId;
import io.shiftadd.job.ModelId;
import io.shiftadd.job.TextId;
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
    public List<JobId> activeJobsOf(ModelId model) {
        return typed(jobs.findIdsByModel(model.value(), ACTIVE));
    }

    @Override
    public List<JobId> activeJobsOf(TextId text) {
        return typed(jobs.findIdsByText(text.value(), ACTIVE));
    }

    @Override
    public List<JobId> activeJobsOfImageSet(ImageSetId imageSet) {
        return typed(jobs.findIdsByImageSet(imageSet.value(), ACTIVE));
    }

    private static List<JobId> typed(List<UUID> ids) {
        return ids.stream().map(JobId::new).toList();
    }
}
