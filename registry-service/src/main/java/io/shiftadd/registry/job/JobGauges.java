package io.shiftadd.registry.job;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What a look at the table tells an operator: how many jobs there are in each state, and how long the oldest has
 * waited.
 */
@Component
class JobGauges {

    private final JdbcClient jdbc;

    JobGauges(JdbcClient jdbc, MeterRegistry meters) {
        this.jdbc = jdbc;
        for (JobState state : JobState.values()) {
            Gauge.builder("shiftadd.registry.jobs", () -> count(state))
                    .description("Jobs in a state; NaN while the database does not answer")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
        Gauge.builder("shiftadd.registry.queue.age", this::queueAge)
                .description("How long the job that has waited longest has waited; 0 when none waits")
                .baseUnit("seconds")
                .register(meters);
    }

    private double count(JobState state) {
        return known(() -> jdbc.sql("select count(*) from registry.job where state = :state")
                .param("state", state.name())
                .query(Double.class)
                .single());
    }

    private double queueAge() {
        return known(() -> jdbc.sql("""
                select coalesce(extract(epoch from now() - min(created_at)), 0) from registry.job where state = 'QUEUED'""").query(Double.class).single());
    }

    private static double known(Supplier<@Nullable Double> question) {
        try {
            Double answer = question.get();
            return answer == null ? Double.NaN : answer;
        } catch (DataAccessException e) {
            return Double.NaN;
        }
    }
}
