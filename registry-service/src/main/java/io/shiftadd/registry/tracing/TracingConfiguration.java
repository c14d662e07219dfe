package io.shiftadd.registry.tracing;

import io.micrometer.tracing.exporter.SpanExportingPredicate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

    private static final String PROBES = "http get /actuator";

    /** Probes and scrapes come every few seconds and would bury what people did. */
    @Bean
    SpanExportingPredicate withoutProbes() {
        return span -> span.getName() == null || !span.getName().startsWith(PROBES);
    }
}
