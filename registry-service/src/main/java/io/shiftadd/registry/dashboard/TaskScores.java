package io.shiftadd.registry.dashboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How well models did on the tasks that they were evaluated on. */
@Repository
class TaskScores {

    private final JdbcClient jdbc;

    TaskScores(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The latest score on each task, parts of tasks left out. */
    List<ScoreRow> of(UUID model) {
        return jdbc.sql("""
                select distinct on (task, metric) task, metric, value, standard_error, examples from registry.job_task
                where model_id = :model order by task, metric, committed_at desc""").param("model", model).query(ScoreRow.class).list().stream()
                .filter(ScoreRow::whole)
                .toList();
    }

    /** What a job has measured so far: its own model first, then the one beside it. */
    ScoreTable ofJob(UUID job) {
        Map<String, List<ScoreRow>> byModel = new LinkedHashMap<>();
        jdbc.sql("""
                select m.name, t.task, t.metric, t.value, t.standard_error, t.examples
                from registry.job_task t join registry.model m on m.id = t.model_id join registry.job j on j.id = t.job_id
                where t.job_id = :job
                order by j.baseline_model_id is not distinct from t.model_id, t.committed_at, t.task, t.metric""").param("job", job).query(row -> {
            ScoreRow score = new ScoreRow(
                    row.getString("task"),
                    row.getString("metric"),
                    row.getDouble("value"),
                    row.getObject("standard_error", Double.class),
                    row.getLong("examples"));
            byModel.computeIfAbsent(row.getString("name"), _ -> new ArrayList<>())
                    .add(score);
        });
        byModel.values().forEach(scores -> scores.removeIf(score -> !score.whole()));
        return ScoreTable.of(byModel);
    }
}
