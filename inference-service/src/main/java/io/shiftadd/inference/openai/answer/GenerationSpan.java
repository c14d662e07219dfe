package io.shiftadd.inference.openai.answer;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.shiftadd.inference.generation.GenerationEvent;
import org.jspecify.annotations.Nullable;

/**
 * What the span of a request tells of its generation, in the names of OpenTelemetry's conventions for generative AI.
 */
public final class GenerationSpan {

    private final @Nullable Span span;
    private boolean begun;
    private int generated;

    private GenerationSpan(@Nullable Span span) {
        this.span = span;
    }

    /** Of the request that this thread is at; tells nobody anything when no traces are kept. */
    static GenerationSpan of(Tracer tracer, String model) {
        Span span = tracer.currentSpan();
        if (span != null) {
            span.tag("gen_ai.request.model", model);
        }
        return new GenerationSpan(span);
    }

    void saw(GenerationEvent event) {
        if (span == null) {
            return;
        }
        if (!begun) {
            begun = true;
            span.event("first token");
        }
        if (event instanceof GenerationEvent.Finished finished) {
            generated += finished.generatedTokens();
            span.tag("gen_ai.usage.output_tokens", generated);
        }
    }
}
