package io.shiftadd.quantize.job;

import io.shiftadd.quantize.job.lease.DatabasePatience;
import io.shiftadd.quantize.job.lease.PatientJobRepository;
import io.shiftadd.quantize.job.run.WorkerSettings;
import org.springframework.batch.core.configuration.annotation.EnableBatchProcessing;
import org.springframework.batch.core.configuration.annotation.EnableJdbcJobRepository;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.transaction.annotation.Isolation;

/**
 * Spring Batch over the schema {@code batch}. Jobs run in the thread that claimed them. Instances are created under
 * READ COMMITTED: a job is claimed by one worker, so the unique key is enough, and SERIALIZABLE fails under many
 * workers.
 */
@Configuration(proxyBeanMethods = false)
@EnableBatchProcessing(taskExecutorRef = "batchTaskExecutor")
@EnableJdbcJobRepository(tablePrefix = "batch.BATCH_", isolationLevelForCreate = Isolation.READ_COMMITTED)
class BatchConfiguration {

    @Bean
    static TaskExecutor batchTaskExecutor() {
        return new SyncTaskExecutor();
    }

    /** Made before all other beans, hence static and bound by hand. */
    @Bean
    static BeanPostProcessor patientJobRepository(Environment environment) {
        WorkerSettings settings = Binder.get(environment).bindOrCreate("shiftadd", WorkerSettings.class);
        return new PatientJobRepository(new DatabasePatience(settings.jobs().databasePatience()));
    }
}
