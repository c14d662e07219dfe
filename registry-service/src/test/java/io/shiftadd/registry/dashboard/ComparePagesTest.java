package io.shiftadd.registry.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ComparePagesTest {

    @Test
    void thoseThatNoOtherBeatsInBothAreTheFront() {
        List<ModelRow> models = List.of(
                row("original", "llama", 100, 10.0),
                row("good", "llama", 40, 11.0),
                row("worse and larger", "llama", 50, 12.0),
                row("small", "llama", 20, 20.0),
                row("another family", "opt", 60, 50.0),
                row("not measured", "llama", 1, null));
        assertThat(ComparePages.points(models))
                .filteredOn(ComparePages.Point::best)
                .extracting(ComparePages.Point::name)
                .containsExactly("small", "good", "another family", "original");
        assertThat(ComparePages.points(models)).hasSize(5);
    }

    private static ModelRow row(String name, String family, long megabytes, Double perplexity) {
        return new ModelRow(
                UUID.randomUUID(),
                name,
                family,
                false,
                "acc",
                3.0,
                3.3,
                1,
                megabytes * 1_000_000,
                null,
                null,
                null,
                perplexity,
                null,
                Instant.EPOCH);
    }
}
