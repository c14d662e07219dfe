package io.shiftadd.quantize.job.run;

import io.shiftadd.quantize.job.lease.FencedTransactions;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * Starts Spring Batch for a claimed job, or restarts it where it was left. One job of the registry is one job instance,
 * however often it is restarted, retried or taken over.
 */
public final class BatchLauncher {

    private static final Logger log = LoggerFactory.getLogger(BatchLauncher.class);

    private final JobOperator operator;
    private final JobRepository repository;
    private final FencedTransactions fenced;

    public BatchLauncher(JobOperator operator, JobRepository repository, FencedTransactions fenced) {
        this.operator = operator;
        this.repository = repository;
        this.fenced = fenced;
    }

    /** Runs the job in the calling thread. */
    public Outcome launch(JobRun run, Supplier<Job> assembly) {
        JobParameters parameters = parametersOf(run);
        try {
            Job batchJob = assembly.get();
            prepare(run, batchJob.getName(), parameters);
            JobExecution execution = operator.start(batchJob, parameters);
            return execution.getStatus() == BatchStatus.COMPLETED
                    ? new Outcome.Succeeded()
                    : diagnose(execution.getAllFailureExceptions(), run);
        } catch (JobExecutionException | RuntimeException | IOException failure) {
            return diagnose(List.of(failure), run);
        }
    }

    static JobParameters parametersOf(JobRun run) {
        return new JobParametersBuilder()
                .addString("job", run.job().id().toString())
                .toJobParameters();
    }

    public static Outcome diagnose(List<Throwable> failures, JobRun run) {
        Outcome outcome = FailureDiagnosis.diagnose(failures, run.lease(), run.reference());
        if (outcome instanceof Outcome.Faulted || outcome instanceof Outcome.Interrupted) {
            Throwable first = failures.isEmpty() ? null : failures.getFirst();
            log.error("{} broke off", run.reference(), first);
        }
        return outcome;
    }

    /** Makes what Spring Batch remembers and what lies in the work directory agree. */
    private void prepare(JobRun run, String name, JobParameters parameters) throws IOException {
        // The lease that stands is what makes it safe to declare another execution dead.
        fenced.run(run.lease(), client -> {});
        JobInstance instance = repository.getJobInstance(name, parameters);
        JobExecution last = instance == null ? null : repository.getLastJobExecution(instance);
        if (instance != null
                && (last == null
                        || last.getStatus() == BatchStatus.COMPLETED
                        || !run.workspace().exists())) {
            startOver(run, instance);
            last = null;
        }
        if (run.workspace().exists()) {
            run.workspace().adopt();
        } else {
            run.workspace().create();
        }
        if (last != null) {
            bury(last);
        }
    }

    private void startOver(JobRun run, JobInstance instance) {
        log.warn(
                "The work directory {} is not there any more; the job starts over",
                run.workspace().directory());
        repository.deleteJobInstance(instance);
        fenced.run(
                run.lease(),
                client -> List.of(
                                "job_block",
                                "job_layer",
                                "job_metric",
                                "job_layer_profile",
                                "job_candidate",
                                "job_task")
                        .forEach(table -> client.sql("delete from registry." + table + " where job_id = :job")
                                .param("job", run.job().id().value())
                                .update()));
    }

    /** An execution whose process died stays STARTED for ever, one that lost its database may stay UNKNOWN. */
    private void bury(JobExecution dead) {
        if (dead.getStatus().isRunning() || dead.getStatus() == BatchStatus.STOPPING) {
            operator.recover(dead);
        }
        for (StepExecution step : dead.getStepExecutions()) {
            if (step.getStatus() == BatchStatus.UNKNOWN || step.getStatus().isRunning()) {
                step.setStatus(BatchStatus.FAILED);
                repository.update(step);
            }
        }
        if (dead.getStatus() == BatchStatus.UNKNOWN || dead.getStatus().isRunning()) {
            dead.setStatus(BatchStatus.FAILED);
            repository.update(dead);
        }
    }
}
