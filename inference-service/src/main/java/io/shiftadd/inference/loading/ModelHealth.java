package io.shiftadd.inference.loading;

import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Down while a model that was served cannot be. */
final class ModelHealth implements HealthIndicator {

    private final ServedModels models;

    ModelHealth(ServedModels models) {
        this.models = models;
    }

    @Override
    public Health health() {
        Map<String, String> faults = models.broken().faults();
        return faults.isEmpty()
                ? Health.up().build()
                : Health.down().withDetails(faults).build();
    }
}
