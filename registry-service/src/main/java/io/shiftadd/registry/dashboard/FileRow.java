package io.shiftadd.registry.dashboard;

/** A file of a model. */
public record FileRow(String path, long sizeBytes, String sha256) {}
