package io.shiftadd.registry.job;

import io.swagger.v3.oas.annotations.media.Schema;

/** A size that was tried for a job that names the perplexity it may cost. */
@Schema(description = "A size that was tried for a job with maxPerplexityIncrease")
record JobCandidate(
        @Schema(description = "In the order of trying", example = "1")
        int number,

        @Schema(description = "Bytes of the linear layers as they are served", example = "2484192")
        long bytes,

        @Schema(example = "2.41") double meanBits,

        @Schema(description = "On the job's evaluation windows", example = "51.2")
        double perplexity) {}
