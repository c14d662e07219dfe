package io.shiftadd.cli.bench.service;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What {@code bench serve} measures with a number of streams; the names are its JSON keys. */
record ServeFigures(
        @JsonProperty("streams") int streams,
        @JsonProperty("requests") int requests,
        @JsonProperty("tokens") long tokens,
        @JsonProperty("tokens_per_second") double tokensPerSecond,
        @JsonProperty("time_to_first_token_ms_p50") double firstTokenMedian,
        @JsonProperty("time_to_first_token_ms_p99") double firstTokenP99,
        @JsonProperty("between_tokens_ms_p50") double betweenMedian,
        @JsonProperty("between_tokens_ms_p99") double betweenP99) {}
