package io.shiftadd.quantize.job;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.shiftadd.quantize.artifact.ArtifactStore;
import io.shiftadd.quantize.artifact.DirectoryArtifactStore;
import io.shiftadd.quantize.artifact.ObjectArtifactStore;
import io.shiftadd.quantize.job.lease.DatabasePatience;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.lease.JobQueue;
import io.shiftadd.quantize.job.partition.PartitionedBlocks;
import io.shiftadd.quantize.job.run.BatchLauncher;
import io.shiftadd.quantize.job.run.JobMeters;
import io.shiftadd.quantize.job.run.JobSpans;
import io.shiftadd.quantize.job.run.LeaseKeeper;
import io.shiftadd.quantize.job.run.ProgressWriter;
import io.shiftadd.quantize.job.run.RegistryRows;
import io.shiftadd.quantize.job.run.Slots;
import io.shiftadd.quantize.job.run.WorkerSettings;
import io.shiftadd.store.ArtifactCache;
import io.shiftadd.store.ObjectStore;
import io.shiftadd.store.ObjectStoreSettings;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties(WorkerSettings.class)
class JobConfiguration {

    @Bean
    DatabasePatience databasePatience(WorkerSettings settings) {
        return new DatabasePatience(settings.jobs().databasePatience());
    }

    @Bean
    FencedTransactions fencedTransactions(
            JdbcClient jdbc, PlatformTransactionManager transactions, DatabasePatience patience) {
        return new FencedTransactions(jdbc, new TransactionTemplate(transactions), patience);
    }

    @Bean
    JobQueue jobQueue(
            JdbcClient jdbc, PlatformTransactionManager transactions, JsonMapper json, WorkerSettings settings) {
        WorkerSettings.Jobs jobs = settings.jobs();
        return new JobQueue(jdbc, new TransactionTemplate(transactions), json, jobs.workerName(), jobs.lease());
    }

    @Bean
    ProgressWriter progressWriter(JsonMapper json, WorkerSettings settings) {
        return new ProgressWriter(json, settings.jobs().lease());
    }

    @Bean
    LeaseKeeper leaseKeeper(
            FencedTransactions fenced, ProgressWriter writer, JdbcClient jdbc, WorkerSettings settings) {
        return new LeaseKeeper(fenced, writer, jdbc, settings.jobs());
    }

    @Bean
    ArtifactStore artifactStore(WorkerSettings settings, Environment environment) {
        return Binder.get(environment)
                .bind("shiftadd.artifacts.s3", ObjectStoreSettings.class)
                .<ArtifactStore>map(storage -> {
                    ObjectStore objects = new ObjectStore(storage);
                    return new ObjectArtifactStore(objects, new ArtifactCache(settings.cacheDirectory(), objects));
                })
                .orElseGet(() -> new DirectoryArtifactStore(settings.artifactDirectory()));
    }

    @Bean
    RegistryRows registryRows(JdbcClient jdbc, DatabasePatience patience, ArtifactStore artifacts) {
        return new RegistryRows(jdbc, patience, artifacts);
    }

    @Bean
    JobMeters jobMeters(MeterRegistry meters, JobQueue queue) {
        return new JobMeters(meters, queue);
    }

    @Bean
    JobSpans jobSpans(Tracer tracer) {
        return new JobSpans(tracer);
    }

    /** Probes and scrapes come every few seconds and would bury the jobs. */
    @Bean
    SpanExportingPredicate withoutProbes() {
        return span -> span.getName() == null || !span.getName().startsWith("http get /actuator");
    }

    @Bean
    BatchLauncher batchLauncher(JobOperator operator, JobRepository repository, FencedTransactions fenced) {
        return new BatchLauncher(operator, repository, fenced);
    }

    @Bean
    BatchJobs batchJobs(
            JobRepository repository,
            RegistryRows registry,
            FencedTransactions fenced,
            ProgressWriter writer,
            ArtifactStore artifacts,
            JobMeters meters,
            JobSpans spans,
            JsonMapper json,
            WorkerSettings settings,
            PartitionedBlocks partitions) {
        return new BatchJobs(
                repository, registry, fenced, writer, artifacts, meters, spans, json, settings, partitions);
    }

    @Bean
    JobRunner jobRunner(
            BatchLauncher launcher,
            BatchJobs jobs,
            JobQueue queue,
            RegistryRows registry,
            LeaseKeeper keeper,
            FencedTransactions fenced,
            ProgressWriter writer,
            JobMeters meters,
            JobSpans spans,
            WorkerSettings settings) {
        return new JobRunner(launcher, jobs, queue, registry, keeper, fenced, writer, meters, spans, settings);
    }

    @Bean
    Housekeeping housekeeping(
            JdbcClient jdbc, JobRepository repository, ArtifactStore artifacts, WorkerSettings settings) {
        return new Housekeeping(jdbc, repository, artifacts, settings);
    }

    @Bean
    JobWorker jobWorker(JobQueue queue, JobRunner runner, LeaseKeeper keeper, WorkerSettings settings, Slots slots) {
        return new JobWorker(queue, runner, keeper, settings.jobs(), slots);
    }
}
