package io.shiftadd.registry.job;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Wakes those who follow a job when it has new events: one connection listens for PostgreSQL's notifications on behalf
 * of all. A notification says only that there is something to read, so one too many or too few does no harm.
 */
@Component
class JobEventFeed implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(JobEventFeed.class);

    private static final int POLL_MILLIS = 500;
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    private final DataSource dataSource;
    private final Map<UUID, Set<Subscription>> subscriptions = new ConcurrentHashMap<>();
    private final Semaphore stopped = new Semaphore(0);
    private volatile @Nullable Thread listener;

    JobEventFeed(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Somebody who follows one job; to be closed when done. */
    final class Subscription implements AutoCloseable {

        private final UUID job;
        private final Semaphore news = new Semaphore(0);

        private Subscription(UUID job) {
            this.job = job;
        }

        /** Waits for news; returns false when the time is over without any. */
        boolean await(Duration time) throws InterruptedException {
            boolean told = news.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
            news.drainPermits();
            return told;
        }

        /** False once the service shuts down: the client has to come back later. */
        boolean isOpen() {
            return isRunning();
        }

        @Override
        public void close() {
            subscriptions.computeIfPresent(job, (id, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }

    Subscription subscribe(UUID job) {
        Subscription subscription = new Subscription(job);
        subscriptions.compute(job, (id, all) -> {
            Set<Subscription> some = all == null ? ConcurrentHashMap.newKeySet() : all;
            some.add(subscription);
            return some;
        });
        return subscription;
    }

    @Override
    public void start() {
        stopped.drainPermits();
        listener = Thread.ofVirtual().name("job-event-feed").start(this::listen);
    }

    /** Runs before the web server's graceful shutdown, which would wait for the streams. */
    @Override
    public void stop() {
        listener = null;
        stopped.release();
        wakeAll();
    }

    @Override
    public boolean isRunning() {
        return listener != null;
    }

    private void listen() {
        boolean healthy = true;
        while (isRunning()) {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("listen job_event");
                if (!healthy) {
                    log.info("Listening for job events again");
                }
                healthy = true;
                // what came between two connections was announced to nobody
                wakeAll();
                follow(connection.unwrap(PGConnection.class));
                statement.execute("unlisten job_event");
            } catch (SQLException e) {
                if (isRunning() && healthy) {
                    log.warn("Job events are not announced for now: {}", e.getMessage());
                }
                healthy = false;
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private void follow(PGConnection connection) throws SQLException {
        while (isRunning()) {
            PGNotification[] notifications = connection.getNotifications(POLL_MILLIS);
            if (notifications != null) {
                for (PGNotification notification : notifications) {
                    wake(subscriptions.get(UUID.fromString(notification.getParameter())));
                }
            }
        }
    }

    /** Returns false when it is time to stop. */
    private boolean pause() {
        try {
            return !stopped.tryAcquire(RECONNECT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void wakeAll() {
        subscriptions.values().forEach(JobEventFeed::wake);
    }

    private static void wake(@Nullable Set<Subscription> some) {
        if (some != null) {
            some.forEach(subscription -> subscription.news.release());
        }
    }
}
