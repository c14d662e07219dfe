package io.shiftadd.inference.loading;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A model as the registry describes it.
 *
 * @param name what clients call it
 * @param location directory or file that holds it
 * @param digest changes with any byte of it
 * @param sizeBytes of all its files
 */
public record RegisteredModel(
        String id,
        String name,
        String family,
        Kind kind,
        String location,
        String digest,
        long sizeBytes,
        Instant createdAt,
        @Nullable String method,
        @Nullable Double meanBits) {

    /** Whether a job here has made it. */
    public enum Kind {
        ORIGINAL,
        REPARAMETERIZED
    }

    /** The same model, brought to another place. */
    RegisteredModel at(Path place) {
        return new RegisteredModel(
                id, name, family, kind, place.toString(), digest, sizeBytes, createdAt, method, meanBits);
    }

    Path path() {
        return Path.of(location);
    }
}
