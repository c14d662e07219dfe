package io.shiftadd.registry.response;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Deletes the rows of responses whose time is over, also when none are kept any more. */
@Component
class ExpiredResponses implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ExpiredResponses.class);
    private static final long PERIOD_MINUTES = 10;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("expired-responses").factory());
    private final KeptResponseRecords records;

    ExpiredResponses(KeptResponseRecords records) {
        this.records = records;
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        var _ = timer.scheduleWithFixedDelay(this::delete, 0, PERIOD_MINUTES, TimeUnit.MINUTES);
    }

    void delete() {
        try {
            records.deleteExpired();
        } catch (DataAccessException | TransactionException e) {
            log.warn("Expired responses are not deleted yet: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
