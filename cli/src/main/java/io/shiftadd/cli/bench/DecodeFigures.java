package io.shiftadd.cli.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What {@code bench decode} measures of one combination, times and bandwidth as medians of its rounds; the names are
 * its JSON keys.
 *
 * @param bits of the blocks' layers
 * @param decodeTokensPerSecond of all streams together
 * @param oneStreamTokensPerSecond of one stream, measured in turns with those of all
 * @param gainOverOneStream throughput of all streams together, of one stream's: the median of the rounds' quotients
 * @param timesAsFastAsFirst decoding, of the speed of the first combination, or with contexts of given lengths of the
 *     same one at the first of them: the median of the rounds' quotients
 * @param context tokens before the first that is decoded
 * @param prefillTokensPerSecond not there where the context is made up, as {@code timeToFirstTokenMillis}
 * @param bytesPerToken packed weights, and the head, that one decoded token reads
 * @param bandwidthRatio bytes read while decoding, of what a plain read of memory reaches
 * @param allocatedBytesPerToken what the decoding thread takes from the heap for a token; the batch's records take some
 *     200
 * @param peakRssBytes the process' largest resident memory before the bandwidth was measured, mapped weights of all
 *     combinations included
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DecodeFigures(
        int bits,
        Group group,
        int threads,
        int streams,
        @JsonProperty("decode_tokens_per_second") double decodeTokensPerSecond,
        @JsonProperty("one_stream_tokens_per_second") double oneStreamTokensPerSecond,
        @JsonProperty("gain_over_one_stream") double gainOverOneStream,
        @JsonProperty("times_as_fast_as_first") double timesAsFastAsFirst,
        int context,
        @JsonProperty("prefill_tokens_per_second") @Nullable Double prefillTokensPerSecond,
        @JsonProperty("bytes_per_token") long bytesPerToken,
        @JsonProperty("gigabytes_per_second") double gigabytesPerSecond,
        @JsonProperty("read_bandwidth_gigabytes_per_second") double readBandwidthGigabytesPerSecond,
        @JsonProperty("bandwidth_ratio") double bandwidthRatio,
        @JsonProperty("time_to_first_token_ms") @Nullable Double timeToFirstTokenMillis,
        @JsonProperty("allocated_bytes_per_token") long allocatedBytesPerToken,
        @JsonProperty("peak_rss_bytes") long peakRssBytes) {

    /** How columns share scales. */
    enum Group {
        column,
        block
    }
}
