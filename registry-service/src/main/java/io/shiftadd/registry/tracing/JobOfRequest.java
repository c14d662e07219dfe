package io.shiftadd.registry.tracing;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerMapping;

/** Gives the spans of requests about a job its id, by which the worker's spans of the same job are found. */
@Component
class JobOfRequest implements ObservationFilter {

    private static final String KEY = "job.id";
    private static final String JOBS = "/api/v1/jobs";
    private static final String PAGES = "/jobs";

    @Override
    public Observation.Context map(Observation.Context context) {
        if (context instanceof ServerRequestObservationContext request) {
            job(request).ifPresent(id -> context.addHighCardinalityKeyValue(KeyValue.of(KEY, id)));
        }
        return context;
    }

    private static Optional<String> job(ServerRequestObservationContext context) {
        String pattern = context.getPathPattern();
        if (pattern == null || !(pattern.startsWith(JOBS) || pattern.startsWith(PAGES))) {
            return Optional.empty();
        }
        return pattern.equals(JOBS)
                ? submitted(context)
                : Optional.ofNullable(variable(context.getCarrier(), pattern.startsWith(JOBS) ? "job" : "id"));
    }

    /** A new job is known by its location. */
    private static Optional<String> submitted(ServerRequestObservationContext context) {
        return Optional.ofNullable(context.getResponse())
                .map(response -> response.getHeader("Location"))
                .map(location -> location.substring(location.lastIndexOf('/') + 1));
    }

    private static @Nullable String variable(@Nullable HttpServletRequest request, String name) {
        return request != null
                        && request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
                                instanceof Map<?, ?> variables
                        && variables.get(name) instanceof String value
                ? value
                : null;
    }
}
