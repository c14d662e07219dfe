package io.shiftadd.quantize.job.lease;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

    private final Duration limit;

    public DatabasePatience(Duration limit) {
        this.limit = limit;
    }

    public <T> T call(Supplier<T> work) {
        long deadline = System.nanoTime() + limit.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return work.get();
            } catch (RuntimeException failure) {
                if (!isPassing(failure) || System.nanoTime() + pause.toNanos() > deadline) {
                    throw failure;
                }
                log.warn("The database does not answer, trying again in {} ms: {}", pause.toMillis(), rootOf(failure));
                sleep(pause, failure);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    void run(Runnable work) {
        call(() -> {
            work.run();
            return true;
        });
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

    private static void sleep(Duration pause, RuntimeException failure) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            failure.addSuppressed(interrupted);
            throw failure;
        }
    }
}
