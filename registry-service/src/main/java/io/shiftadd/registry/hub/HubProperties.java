package io.shiftadd.registry.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param baseUrl of the server, which serves {@code /{repository}/resolve/{revision}/{file}}; imports are off without
 * @param directory where models are downloaded to
 * @param timeout how long the server may be silent
 * @param attempts how often a file is tried; each continues where the last one broke off
 * @param pause between two attempts
 */
@ConfigurationProperties("shiftadd.hub")
record HubProperties(
        @Nullable URI baseUrl,
        Path directory,
        @DefaultValue("30s") Duration timeout,
        @DefaultValue("5") int attempts,
        @DefaultValue("2s") Duration pause) {

    boolean isConfigured() {
        return baseUrl != null && !baseUrl.toString().isBlank();
    }
}
