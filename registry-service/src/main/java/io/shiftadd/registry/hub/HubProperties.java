package io.shiftadd.registry.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param baseUrl of the server, which has {@code /api/models/{repository}} and serves {@code
 *     /{repository}/resolve/{revision}/{file}}; imports are off without
 * @param token sent as a bearer token to the server itself, never to where it redirects; for private and gated models
 * @param tokenFile holds the token where {@code token} is empty: where the reference's login puts it
 * @param redirects other addresses that the server may redirect downloads to: scheme, host and port, or {@code
 *     https://*.domain}, whose hosts must have public addresses
 * @param directory where models are downloaded to
 * @param cache the reference's shared cache, whose files are taken instead of downloaded; none when empty
 * @param writeCache whether what is downloaded is put into the shared cache, too
 * @param offline whether models are taken from the shared cache alone
 * @param timeout how long the server may be silent
 * @param slowest bytes a second that an answer has to come with on average over {@code timeout}
 * @param attempts how often a file is tried; each continues where the last one broke off
 * @param pause between two attempts
 * @param parallel imports that run at a time
 * @param maxModelSize bytes of all files of a model together
 * @param maxTextSize bytes of one file that is not a weight file
 */
@ConfigurationProperties("shiftadd.hub")
record HubProperties(
        @Nullable URI baseUrl,
        @Nullable String token,
        @Nullable Path tokenFile,
        @DefaultValue List<String> redirects,
        Path directory,
        @Nullable Path cache,
        @DefaultValue("false") boolean writeCache,
        @DefaultValue("false") boolean offline,
        @DefaultValue("30s") Duration timeout,
        @DefaultValue("4KB") DataSize slowest,
        @DefaultValue("5") int attempts,
        @DefaultValue("2s") Duration pause,
        @DefaultValue("2") int parallel,
        @DefaultValue("1TB") DataSize maxModelSize,
        @DefaultValue("64MB") DataSize maxTextSize) {

    private static final int MAX_TOKEN_BYTES = 10_000;

    boolean isConfigured() {
        return offline || baseUrl != null && !baseUrl.toString().isBlank();
    }

    Attempts patience() {
        return new Attempts(attempts, pause);
    }

    /** Empty when there is none. */
    String bearer() {
        if (token != null && !token.isBlank()) {
            return token.strip();
        }
        try {
            return tokenFile != null && Files.isRegularFile(tokenFile) && Files.size(tokenFile) <= MAX_TOKEN_BYTES
                    ? Files.readString(tokenFile).strip()
                    : "";
        } catch (IOException e) {
            // somebody else's token is not for this process to read
            return "";
        }
    }
}
