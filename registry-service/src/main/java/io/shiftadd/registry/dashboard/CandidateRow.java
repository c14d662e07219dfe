package io.shiftadd.registry.dashboard;

/** A size that a job tried. */
public record CandidateRow(int number, long bytes, double meanBits, double perplexity) {}
