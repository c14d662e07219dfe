package io.shiftadd.registry.dashboard;

import java.util.LinkedHashMap;
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

    /** The latest score on each task, by its name and metric; none where the database knows of no tasks yet. */
    Map<String, Double> of(UUID model) {
        Map<String, Double> scores = new LinkedHashMap<>();
        if (!jdbc.sql("select to_regclass('registry.job_task') is not null")
                .query(Boolean.class)
                .single()) {
            return scores;
        }
        jdbc.sql("""
                select distinct on (task, metric) task, metric, value from registry.job_task
                where model_id = :model order by task, metric, committed_at desc""").param("model", model).query(row -> {
            scores.put(row.getString("task") + " " + row.getString("metric"), row.getDouble("value"));
        });
        return scores;
    }
}
