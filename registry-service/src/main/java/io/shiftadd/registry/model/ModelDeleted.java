package io.shiftadd.registry.model;

/**
 * A model was deleted; told within the transaction.
 *
 * @param location where its files lie, or lay
 */
public record ModelDeleted(String location) {}
