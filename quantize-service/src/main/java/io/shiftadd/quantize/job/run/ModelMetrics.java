package io.shiftadd.quantize.job.run;

import io.shiftadd.quantize.job.lease.JobLease;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of registry.job_metric; written again, a metric is replaced. */
public final class ModelMetrics {

    public static final String PERPLEXITY_ORIGINAL = "perplexity_original";
    public static final String PERPLEXITY_REPARAMETERIZED = "perplexity_reparameterized";

    /** Shares of the evaluation's images whose class was named, and their standard errors. */
    public static final String ACCURACY_ORIGINAL = "accuracy_original";

    public static final String ACCURACY_REPARAMETERIZED = "accuracy_reparameterized";

    /** The same of the result with routers as they were trained, where they lean. */
    public static final String ACCURACY_UNBALANCED = "accuracy_unbalanced";

    public static final String ACCURACY_ERROR_ORIGINAL = "accuracy_error_original";
    public static final String ACCURACY_ERROR_REPARAMETERIZED = "accuracy_error_reparameterized";

    /** Shares of images whose class was among the first five. */
    public static final String TOP5_ORIGINAL = "top5_accuracy_original";

    public static final String TOP5_REPARAMETERIZED = "top5_accuracy_reparameterized";

    /** Of the result's distribution from the original's, in nats a token. */
    public static final String DIVERGENCE = "kl_divergence";

    /** Share of tokens at which both hold the same one for the most likely; of images whose class both name alike. */
    public static final String AGREEMENT = "top1_agreement";

    private ModelMetrics() {}

    public static void write(JdbcClient client, JobLease lease, Map<String, Double> metrics) {
        metrics.forEach((name, value) -> client.sql("""
                        insert into registry.job_metric (job_id, name, value) values (:job, :name, :value)
                        on conflict (job_id, name) do update set value = excluded.value""")
                .param("job", lease.job().value())
                .param("name", name)
                .param("value", value)
                .update());
    }

    public static boolean has(JdbcClient client, JobLease lease, String name) {
        return client.sql("select exists (select 1 from registry.job_metric where job_id = :job and name = :name)")
                .param("job", lease.job().value())
                .param("name", name)
                .query(Boolean.class)
                .single();
    }
}
