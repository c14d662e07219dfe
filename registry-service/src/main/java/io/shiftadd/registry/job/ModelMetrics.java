package io.shiftadd.registry.job;

import io.shiftadd.job.JobKind;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is known of how good and how large a model is, by the jobs that measured it. */
@Schema(description = "What jobs have measured of a model")
record ModelMetrics(
        UUID modelId,

        @Schema(
                description = "The latest value of every metric",
                example = "{\"perplexity_reparameterized\": 48.77, \"mean_bits\": 3}")
        Map<String, Double> metrics,

        @Schema(description = "The latest score of every task and metric")
        List<TaskScore> tasks,

        @Schema(description = "The jobs that measured, the latest first")
        List<Measurement> measurements) {

    @Schema(name = "Measurement")
    record Measurement(
            UUID jobId,
            @Schema(example = "reparameterize") JobKind kind,
            @Nullable Instant at,

            @Schema(example = "{\"perplexity_reparameterized\": 48.77}")
            Map<String, Double> metrics,

            @Schema(description = "Scores on tasks and texts, when it was an evaluation")
            List<TaskScore> tasks) {}
}
