package io.shiftadd.http.access;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the registry knows of an API key that is valid.
 *
 * @param requestsPerMinute null = no limit
 * @param maxConcurrentRequests null = no limit
 */
record ApiKey(
        String id,
        String name,
        Set<String> scopes,
        @Nullable Integer requestsPerMinute,
        @Nullable Integer maxConcurrentRequests) {

    static final String ADMIN = "admin";

    boolean allows(String scope) {
        return scopes.contains(scope) || scopes.contains(ADMIN);
    }
}
