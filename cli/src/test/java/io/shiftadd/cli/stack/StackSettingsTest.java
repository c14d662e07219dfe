package io.shiftadd.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.cli.CommandFailure;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StackSettingsTest {

    @Test
    void keepsEverythingInTheCheckoutByDefault() {
        StackSettings settings = StackSettings.of(Map.of("SHIFTADD_HOME", "/checkout"));
        assertThat(settings.dataDirectory()).isEqualTo(Path.of("/checkout/.shiftadd"));
        assertThat(settings.port(Service.REGISTRY)).isEqualTo(8080);
        assertThat(settings.port(Service.QUANTIZE)).isEqualTo(8081);
        assertThat(settings.port(Service.INFERENCE)).isEqualTo(8082);
        assertThat(settings.postgresPort()).isEqualTo(5433);
        assertThat(settings.externalDatabase()).isFalse();
    }

    @Test
    void followsTheEnvironment() {
        StackSettings settings = StackSettings.of(Map.of(
                "SHIFTADD_HOME", "/checkout",
                "SHIFTADD_DATA_DIRECTORY", "/data",
                "SHIFTADD_INFERENCE_PORT", "9082",
                "SHIFTADD_JAVA_OPTIONS", " -Xmx8g  -Xlog:gc ",
                "SPRING_DATASOURCE_URL", "jdbc:postgresql://db/shiftadd"));
        assertThat(settings.dataDirectory()).isEqualTo(Path.of("/data"));
        assertThat(settings.port(Service.INFERENCE)).isEqualTo(9082);
        assertThat(settings.jvmOptions()).containsExactly("-Xmx8g", "-Xlog:gc");
        assertThat(settings.externalDatabase()).isTrue();
    }

    @Test
    void takesAnEmptyVariableForUnset() {
        assertThat(StackSettings.of(Map.of(
                        "SHIFTADD_HOME", "/checkout",
                        "SHIFTADD_DATA_DIRECTORY", "",
                        "SHIFTADD_REGISTRY_PORT", " ",
                        "SPRING_DATASOURCE_URL", "")))
                .isEqualTo(StackSettings.of(Map.of("SHIFTADD_HOME", "/checkout")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "65536", "http", "80 80"})
    void refusesWhatIsNoPort(String value) {
        assertThatThrownBy(() -> StackSettings.of(Map.of("SHIFTADD_REGISTRY_PORT", value)))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("SHIFTADD_REGISTRY_PORT is '" + value + "'");
    }
}
