package io.shiftadd.inference.openai.request;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The field {@code stream_options}. */
@Schema(name = "StreamOptions")
public record StreamOptionsBody(
        @Schema(description = "A last chunk tells how many tokens were used", defaultValue = "false")
        @JsonProperty("include_usage")
        @Nullable
        Boolean includeUsage) {}
