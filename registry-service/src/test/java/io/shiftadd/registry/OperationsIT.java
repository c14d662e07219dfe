package io.shiftadd.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OperationsIT extends RegistryIT {

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
}
