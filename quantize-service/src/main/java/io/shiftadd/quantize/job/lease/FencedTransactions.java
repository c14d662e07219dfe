package io.shiftadd.quantize.job.lease;

import io.shiftadd.quantize.job.lease.JobStoppedException.Reason;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The only way by which a worker writes for a job: one transaction that first locks the job's row and finds its own
 * lease version there. Whoever was thought dead and has been replaced gets {@link Reason#LEASE_LOST} and writes
 * nothing.
 */
public final class FencedTransactions {

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final DatabasePatience patience;

    public FencedTransactions(JdbcClient jdbc, TransactionOperations transaction, DatabasePatience patience) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.patience = patience;
    }

    /** @param work may be repeated when the database goes away in the middle of it */
    public <T> T commit(JobLease lease, Function<JdbcClient, T> work) {
        return patience.call(() -> commitOnce(lease, work));
    }

    public void run(JobLease lease, Consumer<JdbcClient> work) {
        commit(lease, client -> {
            work.accept(client);
            return true;
        });
    }

    /** As {@link #commit}, but fails at once when the database does not answer. */
    public <T> T commitOnce(JobLease lease, Function<JdbcClient, T> work) {
        return transaction.execute(status -> {
            boolean holds = jdbc.sql("""
                    select 1 from registry.job
                    where id = :job and lease_version = :version and state = 'RUNNING' for no key update""")
                    .param("job", lease.job().value())
                    .param("version", lease.version())
                    .query(Integer.class)
                    .optional()
                    .isPresent();
            if (!holds) {
                lease.stop(Reason.LEASE_LOST);
                throw new JobStoppedException(lease.job(), Reason.LEASE_LOST);
            }
            return work.apply(jdbc);
        });
    }

    /**
     * The commit that ends the job well. When the connection breaks in it, and the repetition finds the job ended under
     * this very lease, it has been done.
     */
    public void succeed(JobLease lease, Consumer<JdbcClient> work) {
        lease.finish();
        try {
            run(lease, work);
        } catch (JobStoppedException lost) {
            if (!isSucceeded(lease)) {
                throw lost;
            }
        }
    }

    private boolean isSucceeded(JobLease lease) {
        return patience.call(() -> jdbc.sql("""
                        select exists (select 1 from registry.job
                            where id = :job and lease_version = :version and state = 'SUCCEEDED')""")
                .param("job", lease.job().value())
                .param("version", lease.version())
                .query(Boolean.class)
                .single());
    }
}
