package io.shiftadd.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What a service may do to the machine that runs its container. */
class DeploymentTest {

    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

    private static Map<?, ?> service(String name) throws IOException {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        Map<?, ?> file = yaml.load(Files.readString(CHECKOUT.resolve("docker-compose.yml")));
        return (Map<?, ?>) Objects.requireNonNull(((Map<?, ?>) file.get("services")).get(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"registry-service", "quantize-service", "inference-service"})
    void runsWithoutRootCapabilitiesOrAWritableRoot(String name) throws IOException {
        Map<?, ?> service = service(name);
        assertThat(service.get("read_only")).isEqualTo(true);
        assertThat(service.get("cap_drop")).isEqualTo(List.of("ALL"));
        assertThat(service.get("security_opt")).isEqualTo(List.of("no-new-privileges:true"));
        // Without exec the native library that is unpacked there cannot be loaded.
        assertThat(service.get("tmpfs")).isEqualTo(List.of("/tmp:exec"));
        assertThat(service.containsKey("privileged")).isFalse();
        List<String> lines = Files.readAllLines(CHECKOUT.resolve(name).resolve("Dockerfile"));
        int user = lines.indexOf("USER shiftadd");
        assertThat(user).isPositive().isLessThan(lines.size() - 1);
        assertThat(lines.subList(user + 1, lines.size())).noneMatch(line -> line.startsWith("USER"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"registry-service", "quantize-service", "inference-service"})
    void isPublishedOnLoopbackAlone(String name) throws IOException {
        for (Object port : (List<?>) service(name).get("ports")) {
            assertThat(port.toString()).startsWith("127.0.0.1:");
        }
    }
}
