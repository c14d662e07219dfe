package io.shiftadd.registry.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ParetoPointTest {

    private static final String STORIES = "stories, 8 windows of 64 tokens";
    private static final String NEWS = "news, 8 windows of 64 tokens";

    @Test
    void thoseThatNoOtherBeatsInBothAreTheFront() {
        List<ModelRow> models = List.of(
                row("llama", null, 100, 10.0, null, STORIES),
                row("good", "llama", 40, 11.0, 10.0, STORIES),
                row("worse and larger", "llama", 50, 12.0, 10.0, STORIES),
                row("small", "llama", 20, 20.0, 10.0, STORIES),
                row("another family", null, 60, 50.0, null, STORIES),
                row("not measured", "llama", 1, null, null, STORIES));
        List<ParetoPoint> points = ParetoPoint.of(models);
        assertThat(points)
                .filteredOn(ParetoPoint::best)
                .extracting(ParetoPoint::name)
                .containsExactly("small", "good", "another family", "llama");
        assertThat(points).hasSize(5);
    }

    @Test
    void perplexitiesOfDifferentTextsDoNotCompare() {
        List<ModelRow> models = List.of(
                row("llama", null, 100, 10.0, null, STORIES),
                row("on stories", "llama", 40, 11.0, 10.0, STORIES),
                row("on news", "llama", 50, 90.0, 85.0, NEWS));
        List<ParetoPoint> points = ParetoPoint.of(models);
        assertThat(points).allMatch(ParetoPoint::best);
        // the original is in both groups, as it did on each
        assertThat(points)
                .filteredOn(ParetoPoint::original)
                .extracting(ParetoPoint::perplexity)
                .containsExactlyInAnyOrder(10.0, 85.0);
    }

    private static ModelRow row(
            String name, String parent, long megabytes, Double perplexity, Double originalPerplexity, String measure) {
        return new ModelRow(
                UUID.randomUUID(),
                name,
                "llama",
                parent == null,
                "acc",
                3.0,
                3.3,
                1,
                megabytes * 1_000_000,
                parent == null ? null : 100_000_000L,
                parent,
                null,
                perplexity,
                originalPerplexity,
                measure,
                Instant.EPOCH);
    }
}
