package io.shiftadd.quantize.job;

import org.springframework.batch.integration.partition.StepExecutionRequest;
import org.springframework.integration.jdbc.channel.PostgresSubscribableChannel;
import org.springframework.integration.jdbc.store.JdbcChannelMessageStore;
import org.springframework.messaging.support.MessageBuilder;

/** Requests to do a partition, waiting in the database for the next free worker. */
final class PartitionChannel {

    static final String GROUP = "partitions";

    private final PostgresSubscribableChannel channel;
    private final JdbcChannelMessageStore store;

    PartitionChannel(PostgresSubscribableChannel channel, JdbcChannelMessageStore store) {
        this.channel = channel;
        this.store = store;
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
        return store.messageGroupSize(GROUP) == 0;
    }
}
