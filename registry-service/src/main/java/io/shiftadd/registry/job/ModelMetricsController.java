package io.shiftadd.registry.job;

import io.shiftadd.registry.model.ModelCatalog;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Lives with the jobs, because they measure; the models know nothing of them. */
@RestController
@Tag(name = "Models")
class ModelMetricsController {

    private final ModelCatalog models;
    private final JobRecords records;

    ModelMetricsController(ModelCatalog models, JobRecords records) {
        this.models = models;
        this.records = records;
    }

    @GetMapping(path = "/api/v1/models/{model}/metrics", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "getModelMetrics",
            summary = "Get what jobs have measured of a model",
            description = "The job that made it and every evaluation since; empty when nobody has measured it.")
    ModelMetrics metrics(@Parameter(description = "Id or name", example = "llama-mini") @PathVariable String model) {
        UUID id = models.get(model).id();
        List<ModelMetrics.Measurement> measurements = records.measurements(id);
        Map<String, Double> latest = new TreeMap<>();
        Map<String, TaskScore> scores = new TreeMap<>();
        for (ModelMetrics.Measurement measurement : measurements.reversed()) {
            latest.putAll(measurement.metrics());
            measurement.tasks().forEach(score -> scores.put(score.task() + " " + score.metric(), score));
        }
        return new ModelMetrics(id, latest, List.copyOf(scores.values()), measurements);
    }
}
