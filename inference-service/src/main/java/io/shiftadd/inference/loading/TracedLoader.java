package io.shiftadd.inference.loading;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;

/** Shows the loading of a model, which the first request for it waits for, in that request's trace. */
final class TracedLoader implements ModelLoader {

    private final ModelLoader loader;
    private final Tracer tracer;

    TracedLoader(ModelLoader loader, Tracer tracer) {
        this.loader = loader;
        this.tracer = tracer;
    }

    @Override
    public ServedModel load(RegisteredModel model) {
        Span span = tracer.nextSpan()
                .name("load model")
                .tag("model", model.name())
                .tag("model.bytes", model.sizeBytes())
                .start();
        try (Tracer.SpanInScope _ = tracer.withSpan(span)) {
            return loader.load(model);
        } catch (RuntimeException failure) {
            span.error(failure);
            throw failure;
        } finally {
            span.end();
        }
    }
}
