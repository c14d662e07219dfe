package io.shiftadd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

    @ParameterizedTest
    @CsvSource({"0,0 s", "119,119 s", "121,2 min", "7300,2.0 h"})
    void durationsGrowWithTheirUnits(double seconds, String text) {
        assertThat(Figures.duration(seconds)).isEqualTo(text);
    }

    @Test
    void whatHasNotHappenedWasNotAgo() {
        Instant now = Instant.parse("2026-01-03T00:00:00Z");
        assertThat(Figures.ago("", now)).isEmpty();
        assertThat(Figures.ago("2026-01-02T23:59:30Z", now)).isEqualTo("30 s ago");
        assertThat(Figures.ago("2026-01-01T00:00:00Z", now)).isEqualTo("2 days ago");
        assertThat(Figures.ago("2026-01-04T00:00:00Z", now)).as("clocks differ").isEqualTo("0 s ago");
    }
}
