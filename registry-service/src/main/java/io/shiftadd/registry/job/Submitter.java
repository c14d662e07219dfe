package io.shiftadd.registry.job;

import org.jspecify.annotations.Nullable;

/**
 * Who submits a job, and under which idempotency key.
 *
 * @param requestHash SHA-256 of the request as it was understood; present with a key
 */
record Submitter(
        String owner,
        @Nullable String idempotencyKey,
        @Nullable String requestHash) {}
