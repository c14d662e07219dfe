package io.shiftadd.registry.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricRowTest {

    private final Figures figures = new Figures();

    @Test
    void metricsHaveNamesForPeopleAndUnits() {
        assertThat(MetricRow.of("peak_memory_bytes", 2e6, figures))
                .isEqualTo(new MetricRow("Most memory of the worker", figures.bytes(2e6)));
        assertThat(MetricRow.of("energy_picojoules_per_token_original", 2e6, figures)
                        .text())
                .isEqualTo(figures.energy(2e6));
        assertThat(MetricRow.of("seconds_total", 20, figures).text()).isEqualTo(figures.seconds(20));
    }

    @Test
    void aMetricThatIsNewHereReadsAsItsNameDoes() {
        assertThat(MetricRow.of("seconds_of_a_new_step", 2, figures))
                .isEqualTo(new MetricRow("Seconds of a new step", figures.seconds(2)));
    }
}
