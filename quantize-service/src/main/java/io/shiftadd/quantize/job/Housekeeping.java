package io.shiftadd.quantize.job;

import io.shiftadd.job.JobId;
import io.shiftadd.quantize.artifact.ArtifactStore;
import io.shiftadd.quantize.artifact.DurableFiles;
import io.shiftadd.quantize.job.run.WorkerSettings;
import io.shiftadd.store.ArtifactCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.TransactionException;

/**
 * Removes what nobody needs any more, at start and from time to time: temporary files that a crash left, work
 * directories and Batch history of ended jobs, artifacts that no model names. Several workers may do it at once.
 */
final class Housekeeping {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

    /** A file that is being written is younger than this: none takes an hour from its first byte to its rename. */
    private static final Duration ORPHANED = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final JobRepository repository;
    private final ArtifactStore artifacts;
    private final WorkerSettings settings;

    Housekeeping(JdbcClient jdbc, JobRepository repository, ArtifactStore artifacts, WorkerSettings settings) {
        this.jdbc = jdbc;
        this.repository = repository;
        this.artifacts = artifacts;
        this.settings = settings;
    }

    @Scheduled(initialDelayString = "0s", fixedDelayString = "${shiftadd.retention.sweep:1h}")
    void sweep() {
        try {
            sweepWork();
            sweepArtifacts();
            sweepCache();
            sweepBatchHistory();
        } catch (IOException | DataAccessException | TransactionException failure) {
            log.warn("The sweep broke off, the next one goes on: {}", failure.getMessage());
        }
    }

    private void sweepWork() throws IOException {
        Path root = settings.workDirectory();
        if (!Files.isDirectory(root)) {
            return;
        }
        List<Path> directories;
        try (Stream<Path> entries = Files.list(root)) {
            directories = entries.filter(Files::isDirectory).toList();
        }
        for (Path directory : directories) {
            Optional<JobId> job = jobOf(directory);
            if (job.isPresent() && isDisposable(job.get(), directory)) {
                log.info("Removing {}", directory);
                DurableFiles.deleteTree(directory);
            } else if (job.isPresent()) {
                sweepTemporaryFiles(directory);
            }
        }
    }

    /** Directories that are not named like a job are not ours. */
    private static Optional<JobId> jobOf(Path directory) {
        try {
            return Optional.of(new JobId(UUID.fromString(directory.getFileName().toString())));
        } catch (IllegalArgumentException other) {
            return Optional.empty();
        }
    }

    private boolean isDisposable(JobId job, Path directory) throws IOException {
        Optional<Boolean> ended = jdbc.sql("""
                select state = 'SUCCEEDED' or (state in ('FAILED', 'CANCELLED')
                    and finished_at < now() - :keep * interval '1 second')
                from registry.job where id = :job""")
                .param("keep", settings.retention().work().toSeconds())
                .param("job", job.value())
                .query(Boolean.class)
                .optional();
        return ended.isPresent()
                ? ended.get()
                : isOlder(directory, settings.retention().work());
    }

    private static void sweepTemporaryFiles(Path directory) throws IOException {
        for (Path file : DurableFiles.filesUnder(directory)) {
            if (DurableFiles.isTemporary(file) && isOlder(file, ORPHANED)) {
                log.info("Removing the orphaned file {}", file);
                Files.deleteIfExists(file);
            }
        }
    }

    private void sweepArtifacts() throws IOException {
        for (ArtifactStore.Stored stored : artifacts.list()) {
            if (!isNamed(stored.digest())
                    && stored.since()
                            .isBefore(Instant.now().minus(settings.retention().artifacts()))) {
                log.info("Removing the artifact {}: no model names it", stored.digest());
                artifacts.delete(stored.digest());
            }
        }
    }

    private boolean isNamed(String digest) {
        return jdbc.sql("select exists (select 1 from registry.model where digest = :digest)")
                .param("digest", digest)
                .query(Boolean.class)
                .single();
    }

    /** Local copies of what is in object storage: those of deleted models, and those that never arrived. */
    private void sweepCache() throws IOException {
        Path cache = settings.cacheDirectory();
        if (!Files.isDirectory(cache)) {
            return;
        }
        List<Path> copies;
        try (Stream<Path> entries = Files.list(cache)) {
            copies = entries.toList();
        }
        for (Path copy : copies) {
            String name = copy.getFileName().toString();
            if (isOlder(copy, ORPHANED) && (ArtifactCache.isArriving(name) || !isNamed(name))) {
                log.info("Removing {}", copy);
                DurableFiles.deleteTree(copy);
            }
        }
    }

    private void sweepBatchHistory() {
        List<Long> instances = jdbc.sql("""
                select distinct e.job_instance_id from batch.batch_job_execution e
                join batch.batch_job_execution_params p using (job_execution_id)
                where p.parameter_name = 'job' and e.create_time < now() - :keep * interval '1 second'
                  and not exists (
                      select 1 from registry.job j where j.id::text = p.parameter_value
                      and (j.finished_at is null or j.finished_at >= now() - :keep * interval '1 second'))""")
                .param("keep", settings.retention().batchHistory().toSeconds())
                .query(Long.class)
                .list();
        for (long id : instances) {
            JobInstance instance = repository.getJobInstance(id);
            if (instance != null) {
                repository.deleteJobInstance(instance);
            }
        }
    }

    private static boolean isOlder(Path path, Duration age) throws IOException {
        return Files.getLastModifiedTime(path)
                .toInstant()
                .isBefore(Instant.now().minus(age));
    }
}
