package io.shiftadd.store;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where the object storage is, and who we are there.
 *
 * @param endpoint absent for Amazon's own
 * @param region as the server wants it signed; many servers take any
 * @param bucket has to exist
 * @param prefix of all keys, without slashes at its ends; absent or empty for none
 * @param accessKey absent for the machine's own credentials: environment, profile or instance role
 * @param pathStyle whether the bucket is part of the path, as most servers but Amazon's want it
 */
public record ObjectStoreSettings(
        @Nullable URI endpoint,
        @Nullable String region,
        String bucket,
        @Nullable String prefix,
        @Nullable String accessKey,
        @Nullable String secretKey,
        @Nullable Boolean pathStyle) {

    @Override
    public String toString() {
        return (endpoint == null ? "s3" : endpoint) + "/" + bucket + (prefix == null ? "" : "/" + prefix);
    }
}
