package io.shiftadd.registry.dashboard;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A model in a table.
 *
 * @param bitsPerWeight of its linear layers, scales included
 * @param perplexity as the job that made it measured it, or the latest that measured the original
 * @param originalPerplexity of the model that it was made from, by the same job
 * @param measure on what the perplexities were measured; those of other measures do not compare
 */
public record ModelRow(
        UUID id,
        String name,
        String family,
        boolean original,
        @Nullable String method,
        @Nullable Double meanBits,
        @Nullable Double bitsPerWeight,
        long parameters,
        long sizeBytes,
        @Nullable Long originalSizeBytes,
        @Nullable String parentName,
        @Nullable UUID jobId,
        @Nullable Double perplexity,
        @Nullable Double originalPerplexity,
        @Nullable String measure,
        Instant createdAt) {}
