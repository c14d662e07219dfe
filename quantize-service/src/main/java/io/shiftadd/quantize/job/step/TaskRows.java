package io.shiftadd.quantize.job.step;

import io.shiftadd.job.ModelId;
import io.shiftadd.quantize.evaluation.TaskScore;
import io.shiftadd.quantize.job.lease.Events.Event;
import io.shiftadd.quantize.job.lease.JobLease;
import io.shiftadd.quantize.job.run.SourceModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of registry.job_task, and the events that tell of them; written again, a score is replaced. */
final class TaskRows {

    /** As perplexity on a text is called among the tasks. */
    static final String TEXT = "text";

    private static final String SCORE = """
            insert into registry.job_task (job_id, model_id, task, metric, value, standard_error, examples)
            values (:job, :model, :task, :metric, :value, :error, :examples)
            on conflict (job_id, model_id, task, metric) do update set
                value = excluded.value, standard_error = excluded.standard_error, examples = excluded.examples,
                committed_at = excluded.committed_at""";

    private TaskRows() {}

    static void write(JdbcClient client, JobLease lease, ModelId model, List<TaskScore> scores) {
        for (TaskScore score : scores) {
            client.sql(SCORE)
                    .param("job", lease.job().value())
                    .param("model", model.value())
                    .param("task", score.task())
                    .param("metric", score.metric())
                    .param("value", score.value())
                    .param("error", finite(score.standardError()))
                    .param("examples", score.examples())
                    .update();
        }
    }

    /** Whether an earlier run has measured it. */
    static boolean has(JdbcClient client, JobLease lease, ModelId model, String task) {
        return client.sql(
                        "select exists (select 1 from registry.job_task where job_id = :job and model_id = :model and task = :task)")
                .param("job", lease.job().value())
                .param("model", model.value())
                .param("task", task)
                .query(Boolean.class)
                .single();
    }

    /** @param scores of the task as a whole and of its parts, which are left out: there may be many */
    static Event event(SourceModel model, String task, List<TaskScore> scores, double seconds) {
        List<Map<String, ?>> told = new ArrayList<>();
        for (TaskScore score : scores) {
            if (score.task().equals(task)) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("metric", score.metric());
                one.put("value", score.value());
                one.put("standardError", finite(score.standardError()));
                told.add(one);
            }
        }
        return new Event(
                "task",
                Map.of(
                        "task",
                        task,
                        "model",
                        model.name(),
                        "examples",
                        scores.getFirst().examples(),
                        "seconds",
                        seconds,
                        "scores",
                        told));
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
