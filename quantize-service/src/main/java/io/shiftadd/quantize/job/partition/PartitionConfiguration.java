package io.shiftadd.quantize.job.partition;

import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.lease.JobQueue;
import io.shiftadd.quantize.job.run.JobMeters;
import io.shiftadd.quantize.job.run.JobSpans;
import io.shiftadd.quantize.job.run.RegistryRows;
import io.shiftadd.quantize.job.run.Slots;
import io.shiftadd.quantize.job.run.WorkerSettings;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.jdbc.channel.PgConnectionSupplier;
import org.springframework.integration.jdbc.channel.PostgresChannelMessageTableSubscriber;
import org.springframework.integration.jdbc.channel.PostgresSubscribableChannel;
import org.springframework.integration.jdbc.store.JdbcChannelMessageStore;
import org.springframework.integration.jdbc.store.channel.PostgresChannelMessageStoreQueryProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import tools.jackson.databind.json.JsonMapper;

/**
 * Partitions over PostgreSQL: requests are messages in a table, and a notification wakes the workers. The channel has
 * no transaction of its own: a request is taken for good, and one whose worker dies is sent again by {@link
 * PartitionWatch}.
 */
@Configuration(proxyBeanMethods = false)
class PartitionConfiguration {

    private static final Logger log = LoggerFactory.getLogger(PartitionConfiguration.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Of the tables; the notification's channel is named without the schema. */
    private static final String TABLES = "batch.INT_";

    private static final String NOTIFICATIONS = "int_";

    @Bean
    Slots slots(WorkerSettings settings) {
        return new Slots(Math.max(1, settings.jobs().concurrency()));
    }

    @Bean
    JdbcChannelMessageStore partitionStore(DataSource source, JsonMapper json) {
        JdbcChannelMessageStore store = new JdbcChannelMessageStore(source);
        store.setTablePrefix(TABLES);
        store.setChannelMessageStoreQueryProvider(new PostgresChannelMessageStoreQueryProvider());
        RequestMessages messages = new RequestMessages(json);
        store.setSerializer(messages);
        store.setDeserializer(messages);
        return store;
    }

    @Bean
    PostgresChannelMessageTableSubscriber partitionNotifications(JdbcConnectionDetails details) {
        PgConnectionSupplier connections = () -> connect(details);
        return new PostgresChannelMessageTableSubscriber(connections, NOTIFICATIONS);
    }

    /** Who asks asks again at once, whatever happens: the pause keeps a database that is away from filling the log. */
    private static PgConnection connect(JdbcConnectionDetails details) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("tcpKeepAlive", "true");
        setProperty(properties, "user", details.getUsername());
        setProperty(properties, "password", details.getPassword());
        try {
            return DriverManager.getConnection(details.getJdbcUrl(), properties).unwrap(PgConnection.class);
        } catch (SQLException failure) {
            LockSupport.parkNanos(PAUSE.toNanos());
            throw failure;
        }
    }

    private static void setProperty(Properties properties, String name, @Nullable String value) {
        if (value != null) {
            properties.setProperty(name, value);
        }
    }

    @Bean
    ThreadPoolTaskExecutor partitionThreads(WorkerSettings settings) {
        ThreadPoolTaskExecutor threads = new ThreadPoolTaskExecutor();
        threads.setCorePoolSize(Math.max(1, settings.jobs().concurrency()));
        threads.setThreadNamePrefix("partition-worker-");
        threads.setDaemon(true);
        return threads;
    }

    @Bean
    PostgresSubscribableChannel partitionRequests(
            JdbcChannelMessageStore store,
            PostgresChannelMessageTableSubscriber notifications,
            ThreadPoolTaskExecutor partitionThreads,
            Slots slots,
            WorkerSettings settings) {
        PostgresSubscribableChannel channel =
                new PostgresSubscribableChannel(store, PartitionChannel.queueOf(settings), notifications);
        Executor inSlots = work -> partitionThreads.execute(() -> {
            slots.acquire();
            try {
                work.run();
            } finally {
                slots.release();
            }
        });
        channel.setDispatcherExecutor(inSlots);
        channel.setErrorHandler(failure -> {
            log.warn("No partition can be taken, trying again: {}", failure.getMessage());
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        });
        return channel;
    }

    @Bean
    PartitionChannel partitionChannel(
            PostgresSubscribableChannel channel, JdbcChannelMessageStore store, WorkerSettings settings) {
        return new PartitionChannel(channel, store, PartitionChannel.queueOf(settings));
    }

    @Bean
    PartitionKeeper partitionKeeper(JdbcClient jdbc, WorkerSettings settings) {
        return new PartitionKeeper(jdbc, settings.jobs());
    }

    @Bean
    PartitionStep partitionStep(
            JobRepository repository,
            JobQueue queue,
            RegistryRows registry,
            FencedTransactions fenced,
            PartitionKeeper keeper,
            JobMeters meters,
            JobSpans spans,
            JsonMapper json,
            WorkerSettings settings) {
        return new PartitionStep(repository, queue, registry, fenced, keeper, meters, spans, json, settings);
    }

    @Bean
    PartitionWorker partitionWorker(
            PartitionChannel channel, JobRepository repository, PartitionStep step, PartitionKeeper keeper) {
        return new PartitionWorker(channel, repository, step, keeper);
    }

    @Bean
    PartitionedBlocks partitionedBlocks(
            JobRepository repository,
            FencedTransactions fenced,
            PartitionChannel channel,
            Slots slots,
            WorkerSettings settings) {
        return new PartitionedBlocks(repository, fenced, channel, slots, settings.jobs());
    }
}
