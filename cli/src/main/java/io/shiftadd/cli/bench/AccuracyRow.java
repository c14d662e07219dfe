package io.shiftadd.cli.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One reparameterized model and its perplexity as served.
 *
 * @param model name of its directory
 * @param method as on the command line
 * @param bits asked for: whole, or a mean
 * @param meanBits chosen, weighted by parameters
 * @param bytes of the served linear layers of all blocks
 * @param originalPerplexity of the original model in float
 * @param perplexity through the packed kernels
 * @param seconds to reparameterize: calibration, allocation and fits, without the evaluation
 * @param allocation where bits differ from layer to layer
 */
record AccuracyRow(
        String model,
        String method,
        double bits,
        @JsonProperty("mean_bits") double meanBits,
        long bytes,
        @JsonProperty("fp_ppl") double originalPerplexity,
        @JsonProperty("ppl") double perplexity,
        double seconds,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Allocation allocation) {}
