package io.shiftadd.model.family;

/** What goes into a model. */
public enum Modality {
    TEXT,
    IMAGE
}
