package io.shiftadd.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

class OperationsIT extends RegistryIT {

    @Autowired
    private ApplicationContext context;

    @Test
    void tellsItsHealth() {
        assertThat(api().get("/actuator/health").json().get("status").asString())
                .isEqualTo("UP");
        assertThat(api().get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(api().get("/actuator/health/readiness").body()).contains("\"db\":{\"status\":\"UP\"}");
    }

    @Test
    void showsMetricsToPrometheus() {
        api().get("/api/v1/models");
        assertThat(api().get("/actuator/prometheus").body())
                .contains("http_server_requests_seconds_count", "uri=\"/api/v1/models\"", "hikaricp_connections");
    }

    @Test
    void showsNoOtherEndpointOfTheActuator() {
        assertThat(api().get("/actuator/env").status()).isEqualTo(404);
        assertThat(api().get("/actuator/heapdump").status()).isEqualTo(404);
    }

    @Test
    void sendsNoTracesUntilItIsToldTo() {
        assertThat(context.getBeansOfType(SpanExporter.class)).isEmpty();
        assertThat(context.getBeansOfType(SpanProcessor.class)).isEmpty();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains("BatchSpanProcessor"));
    }
}
