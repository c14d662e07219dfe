package io.shiftadd.cli.stack;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * A service as a package has it: a list of its jars, which lie beside those of the others, each once. It runs from
 * there; nobody builds over it.
 */
final class PackedService {

    private static final String JARS = "jars";

    private PackedService() {}

    /** The service of a package; empty in a checkout. */
    static Optional<InstalledService> find(Path library, Service service) {
        Path file = file(library, service);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new CommandFailure("cannot read " + file + ": " + e.getMessage(), "Unpack the package again.", e);
        }
        List<Path> classPath = Arrays.stream(
                        properties.getProperty("classPath", "").split(" "))
                .map(library.resolve(JARS)::resolve)
                .toList();
        return Optional.of(new InstalledService(
                service, properties.getProperty("build", ""), properties.getProperty("mainClass", ""), classPath));
    }

    static void write(Path library, InstalledService service) throws IOException {
        Path jars = Files.createDirectories(library.resolve(JARS));
        List<String> names = new ArrayList<>();
        for (Path jar : service.classPath()) {
            String name = String.valueOf(jar.getFileName());
            if (!Files.exists(jars.resolve(name))) {
                Files.copy(jar, jars.resolve(name));
            }
            names.add(name);
        }
        Properties properties = new Properties();
        properties.setProperty("build", service.build());
        properties.setProperty("mainClass", service.mainClass());
        properties.setProperty("classPath", names.stream().collect(Collectors.joining(" ")));
        try (Writer writer = Files.newBufferedWriter(file(library, service.service()))) {
            properties.store(writer, "What the service is made of");
        }
    }

    private static Path file(Path library, Service service) {
        return library.resolve(service.module() + ".properties");
    }
}
