package io.shiftadd.quantize.job.run;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration of the worker under {@code shiftadd}.
 *
 * @param dataDirectory holds {@code work/<job>} and {@code artifacts/<sha256>}; both have to be on one file system
 */
@ConfigurationProperties("shiftadd")
public record WorkerSettings(
        @DefaultValue("./.shiftadd") Path dataDirectory,
        @DefaultValue Jobs jobs,
        @DefaultValue Tasks tasks,
        @DefaultValue Retention retention) {

    /**
     * @param concurrency jobs that this process runs at a time; 0 runs none
     * @param threads threads of one job's arithmetic; 0 divides the processors among the concurrent jobs
     * @param worker name of this process in leases and layer rows; host and process id by default
     * @param lease how long a claim holds without a heartbeat
     * @param heartbeat how often a claim is renewed
     * @param tick how often progress is written and a request to cancel is looked for
     * @param poll how often an idle worker looks for a job
     * @param backoff wait before the second attempt; doubles with every further one
     * @param maxCrashes how often a job may lose its worker between two checkpoints before it counts as poisoned
     * @param spreadLayers whether the layers of a block are handed out to all workers, in jobs whose blocks wait for
     *     each other
     * @param tuneCheckpoint how long a tuning goes on without a file to go on from after a break; a step, at least
     * @param databasePatience how long a commit waits for a database that cannot be reached
     */
    public record Jobs(
            @DefaultValue("1") int concurrency,
            @DefaultValue("0") int threads,
            @Nullable String worker,
            @DefaultValue("60s") Duration lease,
            @DefaultValue("10s") Duration heartbeat,
            @DefaultValue("500ms") Duration tick,
            @DefaultValue("1s") Duration poll,
            @DefaultValue("10s") Duration backoff,
            @DefaultValue("10") int maxCrashes,
            @DefaultValue("false") boolean spreadLayers,
            @DefaultValue("45s") Duration tuneCheckpoint,
            @DefaultValue("5m") Duration databasePatience) {

        public int threadsPerJob() {
            int processors = Runtime.getRuntime().availableProcessors();
            return threads > 0 ? threads : Math.max(1, processors / Math.max(1, concurrency));
        }

        public String workerName() {
            return worker != null && !worker.isBlank()
                    ? worker
                    : ManagementFactory.getRuntimeMXBean().getName();
        }
    }

    /**
     * @param work how long the work directory of a failed or cancelled job is kept for a retry
     * @param artifacts how long an artifact that no model of the registry names stays in the store
     * @param batchHistory how long Spring Batch's rows of an ended job are kept
     * @param sweep how often the policy is applied
     */
    public record Retention(
            @DefaultValue("7d") Duration work,
            @DefaultValue("7d") Duration artifacts,
            @DefaultValue("30d") Duration batchHistory,
            @DefaultValue("1h") Duration sweep) {}

    /** @param directory of the tasks' data; {@code tasks} in the data directory by default */
    record Tasks(@Nullable Path directory) {}

    public Path taskDirectory() {
        Path given = tasks.directory();
        return (given == null ? dataDirectory.resolve("tasks") : given)
                .toAbsolutePath()
                .normalize();
    }

    public Path workDirectory() {
        return dataDirectory.toAbsolutePath().normalize().resolve("work");
    }

    /** Local copies of artifacts in object storage. */
    public Path cacheDirectory() {
        return dataDirectory.toAbsolutePath().normalize().resolve("cache");
    }

    public Path artifactDirectory() {
        return dataDirectory.toAbsolutePath().normalize().resolve("artifacts");
    }
}
