package io.shiftadd.registry.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param baseUrl of the server, which serves {@code /{repository}/resolve/{revision}/{file}}; imports are off without
 * @param token sent as a bearer token to the server itself, never to where it redirects; for private and gated models
 * @param redirects other addresses (scheme, host and port) that the server may redirect downloads to
 * @param directory where models are downloaded to
 * @param timeout how long the server may be silent
 * @param attempts how often a file is tried; each continues where the last one broke off
 * @param pause between two attempts
 * @param maxModelSize bytes of all weights of a model together
 * @param maxTextSize bytes of one file that is not a weight file
 */
@ConfigurationProperties("shiftadd.hub")
record HubProperties(
        @Nullable URI baseUrl,
        @Nullable String token,
        @DefaultValue List<URI> redirects,
        Path directory,
        @DefaultValue("30s") Duration timeout,
        @DefaultValue("5") int attempts,
        @DefaultValue("2s") Duration pause,
        @DefaultValue("1TB") DataSize maxModelSize,
        @DefaultValue("64MB") DataSize maxTextSize) {

    boolean isConfigured() {
        return baseUrl != null && !baseUrl.toString().isBlank();
    }

    Attempts patience() {
        return new Attempts(attempts, pause);
    }
}
