package io.shiftadd.cli.stack;

import io.shiftadd.cli.CommandFailure;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

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
 * @param startupCache whether to record what makes the next start faster
 */
public record StackSettings(
        Path checkout,
        Path buildFolder,
        Path dataDirectory,
        int postgresPort,
        Map<Service, Integer> ports,
        boolean externalDatabase,
        List<String> jvmOptions,
        boolean startupCache) {

    private static final int DEFAULT_POSTGRES_PORT = 5433;
    private static final int GREATEST_PORT = 65_535;

    /** As the environment says; the launcher passes the checkout in {@code SHIFTADD_HOME}. */
    public static StackSettings of(Map<String, String> environment) {
        Path checkout = Path.of(text(environment, "SHIFTADD_HOME", "."))
                .toAbsolutePath()
                .normalize();
        Map<Service, Integer> ports = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            ports.put(service, port(environment, service.portVariable(), service.defaultPort()));
        }
        return new StackSettings(
                checkout,
                Path.of(text(environment, "SHIFTADD_BUILD_FOLDER", "target/run")),
                checkout.resolve(text(environment, "SHIFTADD_DATA_DIRECTORY", ".shiftadd")),
                port(environment, "SHIFTADD_POSTGRES_PORT", DEFAULT_POSTGRES_PORT),
                ports,
                !text(environment, "SPRING_DATASOURCE_URL", "").isEmpty(),
                words(text(environment, "SHIFTADD_JAVA_OPTIONS", "")),
                !"off".equals(text(environment, "SHIFTADD_STARTUP_CACHE", "on")));
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
        String value = text(environment, variable, Integer.toString(fallback));
        try {
            int port = Integer.parseInt(value);
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

    /** A variable that is empty counts as unset. */
    private static String text(Map<String, String> environment, String variable, String fallback) {
        String value = environment.getOrDefault(variable, "").strip();
        return value.isEmpty() ? fallback : value;
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split("\\s+"));
    }
}
