package io.shiftadd.registry.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventRowTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "block|{\"block\": 1, \"blocks\": 6, \"seconds\": 2.0987, \"worker\": \"w\"}|block 1, blocks 6, took 2.1 s, worker w",
                "task|{\"seconds\": 1.0E-4}|took 0.0 s",
                "metric|{\"name\": \"perplexity_original\", \"value\": 40.0714}|Perplexity of the original: 40.07",
                "metric|{\"name\": \"peak_memory_bytes\", \"value\": 2e6}|Most memory of the worker: 2.00 MB",
                "metric|{\"name\": \"kl_divergence\", \"value\": null}|name kl_divergence, value null",
                "stage|{\"stage\": \"evaluate\"}|stage evaluate"
            })
    void figuresOfEventsAreThoseOfBarsAndTables(String type, String data, String text) {
        assertThat(new EventRow(1, Instant.EPOCH, type, data).text()).isEqualTo(text);
    }
}
