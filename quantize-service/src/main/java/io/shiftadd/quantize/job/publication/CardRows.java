package io.shiftadd.quantize.job.publication;

import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.SourceModel;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a model card has from the database.
 *
 * @param base where the original came from: owner and name on the Hub, or its name in the registry
 * @param metrics of the job so far
 * @param measure what it was evaluated on, in words
 */
record CardRows(String base, Map<String, Double> metrics, String measure) {

    static CardRows read(JdbcClient client, JobRun run, SourceModel source) {
        String base = client.sql("""
                        select split_part(repository, ':', 1) from registry.model_import
                        where model_id = :model and state = 'SUCCEEDED' order by finished_at limit 1""")
                .param("model", source.id().value())
                .query(String.class)
                .optional()
                .orElse(source.name());
        Map<String, Double> metrics = new HashMap<>();
        client.sql("select name, value from registry.job_metric where job_id = :job")
                .param("job", run.job().id().value())
                .query((row, _) -> metrics.put(row.getString("name"), row.getDouble("value")))
                .list();
        return new CardRows(base, metrics, measure(client, run));
    }

    private static String measure(JdbcClient client, JobRun run) {
        if (run.settings().evaluationImages() != null) {
            return "the job's set of images to evaluate on";
        }
        String text = run.settings().evaluationText() == null
                ? "text that the original wrote itself"
                : "the text '"
                        + client.sql("select name from registry.text where id = :text")
                                .param("text", run.settings().evaluationText().value())
                                .query(String.class)
                                .optional()
                                .orElse("of a name that is gone")
                        + "'";
        int windows = run.settings().evaluationWindows();
        return (windows == 0 ? "all windows" : windows + " windows") + " of " + text;
    }
}
