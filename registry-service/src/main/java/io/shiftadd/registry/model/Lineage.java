package io.shiftadd.registry.model;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Where a model comes from, and what was made from it. */
@Schema(description = "Where a model comes from, and what was made from it")
record Lineage(
        ModelView model,

        @Schema(description = "Its parent, then the parent's parent, and so on")
        List<ModelView> ancestors,

        @Schema(description = "The models made directly from it, the oldest first")
        List<ModelView> children) {}
