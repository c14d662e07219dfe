package io.shiftadd.registry.model;

import org.jspecify.annotations.Nullable;

/** What a model's own files say of it. */
record InspectedModel(
        String family, ModelKind kind, @Nullable String method, long parameters, ModelShape shape) {}
