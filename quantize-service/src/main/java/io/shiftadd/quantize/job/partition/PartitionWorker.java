package io.shiftadd.quantize.job.partition;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.integration.partition.StepExecutionRequest;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;

/** Takes partitions from the channel, one after the other on each of its threads, until the process goes down. */
final class PartitionWorker implements SmartLifecycle, MessageHandler {

    private static final Logger log = LoggerFactory.getLogger(PartitionWorker.class);

    private final PartitionChannel channel;
    private final JobRepository repository;
    private final PartitionStep step;
    private final PartitionKeeper keeper;
    private volatile boolean running;

    PartitionWorker(PartitionChannel channel, JobRepository repository, PartitionStep step, PartitionKeeper keeper) {
        this.channel = channel;
        this.repository = repository;
        this.step = step;
        this.keeper = keeper;
    }

    /** Never throws: the channel would hand the same request out again at once. */
    @Override
    public void handleMessage(Message<?> message) {
        long id = ((StepExecutionRequest) message.getPayload()).getStepExecutionId();
        if (!running) {
            channel.send(id);
            return;
        }
        try {
            StepExecution execution = repository.getStepExecution(id);
            // A request that was sent twice, or whose job has gone on without it, is no news.
            if (execution != null && execution.getStatus() == BatchStatus.STARTING) {
                step.execute(execution);
            }
        } catch (OptimisticLockingFailureException taken) {
            log.debug("Partition {} was taken by another worker", id);
        } catch (JobInterruptedException stopped) {
            log.debug("Partition {} was stopped", id);
        } catch (RuntimeException failure) {
            log.error("Partition {} broke off; it is handed out again when its lease has run out", id, failure);
        }
    }

    @Override
    public void start() {
        running = true;
        channel.channel().subscribe(this);
    }

    @Override
    public void stop() {
        running = false;
        keeper.shutDown();
        channel.channel().unsubscribe(this);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
