package io.shiftadd.motion.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The sessions that run. */
@Schema(description = "The sessions that run")
record SessionList(@Schema(description = "Oldest first") List<SessionView> items) {}
