package io.shiftadd.quantize.job.partition;

import io.shiftadd.quantize.job.run.WorkerSettings;
import org.springframework.batch.integration.partition.StepExecutionRequest;
import org.springframework.integration.jdbc.channel.PostgresSubscribableChannel;
import org.springframework.integration.jdbc.store.JdbcChannelMessageStore;
import org.springframework.messaging.support.MessageBuilder;

/**
 * Requests to do a partition, waiting in the database for the next free worker that sees the files of its job: workers
 * on one disk have a queue of their own.
 */
final class PartitionChannel {

    private final PostgresSubscribableChannel channel;
    private final JdbcChannelMessageStore store;
    private final String queue;

    PartitionChannel(PostgresSubscribableChannel channel, JdbcChannelMessageStore store, String queue) {
        this.channel = channel;
        this.store = store;
        this.queue = queue;
    }

    /** Not the name of before requests were JSON: what may still lie there cannot be read, and is asked for again. */
    static String queueOf(WorkerSettings settings) {
        return "requests@" + WorkDisk.nameOf(settings.workDirectory());
    }

    PostgresSubscribableChannel channel() {
        return channel;
    }

    void send(long stepExecution) {
        channel.send(MessageBuilder.withPayload(new StepExecutionRequest(Partition.STEP, stepExecution))
                .build());
    }

    /** Whether every request has been taken. */
    boolean isEmpty() {
        return store.messageGroupSize(queue) == 0;
    }
}
