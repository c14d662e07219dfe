package io.shiftadd.cli.stack;

import io.shiftadd.cli.CommandFailure;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the stack lies and which ports it takes.
 *
 * @param checkout the project's top folder
 * @param buildFolder where each module's jars are, relative to the module
 * @param dataDirectory everything the stack writes
 * @param postgresPort first port to try for PostgreSQL; 0 = any
 * @param ports of the services
 * @param externalDatabase whether the environment names a database ({@code SPRING_DATASOURCE_URL}), so that none is
 *     started
 * @param jvmOptions for every service, behind its own
 */
public record StackSettings(
        Path checkout,
        Path buildFolder,
        Path dataDirectory,
        int postgresPort,
        Map<Service, Integer> ports,
        boolean externalDatabase,
        List<String> jvmOptions) {

    private static final int DEFAULT_POSTGRES_PORT = 5433;
    private static final int GREATEST_PORT = 65_535;

    /** As the environment says; the launcher passes the checkout in {@code SHIFTADD_HOME}. */
    public static StackSettings of(Map<String, String> environment) {
        Path checkout = Path.of(environment.getOrDefault("SHIFTADD_HOME", "."))
                .toAbsolutePath()
                .normalize();
        Map<Service, Integer> ports = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            ports.put(service, port(environment, service.portVariable(), service.defaultPort()));
        }
        return new StackSettings(
                checkout,
                Path.of("target", "run"),
                checkout.resolve(environment.getOrDefault("SHIFTADD_DATA_DIRECTORY", ".shiftadd")),
                port(environment, "SHIFTADD_POSTGRES_PORT", DEFAULT_POSTGRES_PORT),
                ports,
                environment.containsKey("SPRING_DATASOURCE_URL"),
                words(environment.get("SHIFTADD_JAVA_OPTIONS")));
    }

    int port(Service service) {
        return ports.getOrDefault(service, service.defaultPort());
    }

    Path logFile(Service service) {
        return dataDirectory.resolve("logs").resolve(service.shortName() + ".log");
    }

    Path runDirectory() {
        return dataDirectory.resolve("run");
    }

    Path postgresDirectory() {
        return dataDirectory.resolve("postgres");
    }

    private static int port(Map<String, String> environment, String variable, int fallback) {
        String value = environment.get(variable);
        if (value == null || value.isBlank()) {
            return fallback;
        }
        try {
            int port = Integer.parseInt(value.strip());
            if (port > 0 && port <= GREATEST_PORT) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // reported below, with the numbers out of range
        }
        throw new CommandFailure(
                "%s is '%s', which is no port".formatted(variable, value),
                "Set it to a number from 1 to " + GREATEST_PORT + ", or unset it for " + fallback + ".");
    }

    private static List<String> words(@Nullable String text) {
        return text == null || text.isBlank()
                ? List.of()
                : Arrays.asList(text.strip().split("\\s+"));
    }
}
