package io.shiftadd.quantize.job.lease;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.retry.RetryListener;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryState;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.core.retry.Retryable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Repeats a short piece of work on the database until the database is there again. The work has to be a whole
 * transaction that may be repeated, also when the connection broke in the middle of its commit.
 */
public final class DatabasePatience {

    private static final Logger log = LoggerFactory.getLogger(DatabasePatience.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

    private final RetryTemplate retries;

    public DatabasePatience(Duration limit) {
        retries = new RetryTemplate(RetryPolicy.builder()
                .predicate(DatabasePatience::isPassing)
                // To a policy no time at all means any time.
                .maxRetries(limit.isZero() ? 0 : Long.MAX_VALUE)
                .timeout(limit)
                .delay(FIRST_PAUSE)
                .multiplier(2)
                .maxDelay(LONGEST_PAUSE)
                .build());
        retries.setRetryListener(new RetryListener() {
            @Override
            public void beforeRetry(RetryPolicy policy, Retryable<?> work, RetryState state) {
                log.warn("The database did not answer, trying again: {}", rootOf(state.getLastException()));
            }
        });
    }

    /**
     * Does the work until it succeeds.
     *
     * @throws RuntimeException the work's own, when it is not passing, or has not passed within the limit
     */
    public <T> T call(Supplier<T> work) {
        return retries.invoke(work);
    }

    void run(Runnable work) {
        retries.invoke(work);
    }

    /** Whether the failure says something about the database's presence, not about the statement. */
    public static boolean isPassing(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            // Spring counts it as transient, but a row that somebody else has changed does not change back.
            if (t instanceof OptimisticLockingFailureException) {
                return false;
            }
            if (t instanceof TransientDataAccessException
                    || t instanceof RecoverableDataAccessException
                    || t instanceof DataAccessResourceFailureException
                    || t instanceof CannotCreateTransactionException
                    || (t instanceof SQLException sql && isPassingState(sql.getSQLState()))) {
                return true;
            }
        }
        return false;
    }

    /** 08 connection, 40 serialization or deadlock, 53 resources, 57P server going down, 25006 still a standby. */
    private static boolean isPassingState(String state) {
        return state != null
                && (state.startsWith("08")
                        || state.startsWith("40")
                        || state.startsWith("53")
                        || state.startsWith("57P")
                        || state.equals("25006"));
    }

    private static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
