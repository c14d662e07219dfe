package io.shiftadd.cli.stack;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * A service's executable jar, taken apart into the data directory. It runs from there for two reasons: the next build
 * may overwrite the jar while the service runs, and a flat class path starts faster than jars within a jar.
 *
 * @param build changes whenever anything in the jar changes
 * @param mainClass what to run
 * @param classPath the module's own jar first, then its libraries in the order of the executable jar
 */
public record InstalledService(Service service, String build, String mainClass, List<Path> classPath) {

    private static final String LIBRARIES = "BOOT-INF/lib/";

    /** Copies what is not there yet. Libraries lie under their checksum: services and builds share them. */
    public static InstalledService install(StackSettings settings, Service service) {
        Optional<InstalledService> packed = PackedService.find(settings.checkout(), service);
        return packed.isPresent() ? packed.get() : unpack(settings, service);
    }

    /** Puts the service into a package's library folder, where {@link #install} finds it. */
    public void packInto(Path library) throws IOException {
        PackedService.write(library, this);
    }

    private static InstalledService unpack(StackSettings settings, Service service) {
        Path folder = settings.checkout().resolve(service.module()).resolve(settings.buildFolder());
        Path executable = findExecutable(folder, service);
        try (JarFile jar = new JarFile(executable.toFile())) {
            List<Path> classPath = new ArrayList<>();
            CRC32 build = new CRC32();
            for (JarEntry entry : jar.stream().toList()) {
                String name = entry.getName();
                build.update((name + ':' + entry.getCrc() + '\n').getBytes(StandardCharsets.UTF_8));
                if (name.startsWith(LIBRARIES) && name.endsWith(".jar") && !name.contains("jarmode")) {
                    Path library = folder(settings)
                            .resolve("%08x-%s".formatted(entry.getCrc(), name.substring(LIBRARIES.length())));
                    copy(jar, entry, library);
                    classPath.add(library);
                }
            }
            String id = "%08x".formatted(build.getValue());
            Path own = folder(settings).resolve(id + '-' + service.module() + ".jar");
            copy(folder.resolve(executable.getFileName().toString().replace("-exec.jar", ".jar")), own);
            classPath.addFirst(own);
            String mainClass = jar.getManifest().getMainAttributes().getValue("Start-Class");
            return new InstalledService(service, id, mainClass, List.copyOf(classPath));
        } catch (IOException e) {
            throw new CommandFailure(
                    "cannot install %s from %s: %s".formatted(service.module(), executable, e),
                    "Make sure that 300 MB are free in %s, then build again: ./shiftadd build"
                            .formatted(settings.dataDirectory()),
                    e);
        }
    }

    /** Removes the jars and startup caches of former builds that none of these services uses. */
    static void removeAllBut(StackSettings settings, Collection<InstalledService> used) throws IOException {
        Set<Path> kept = used.stream().flatMap(one -> one.classPath().stream()).collect(Collectors.toSet());
        List<Path> others;
        if (!Files.isDirectory(folder(settings))) {
            return;
        }
        try (Stream<Path> files = Files.list(folder(settings))) {
            others = files.filter(file -> isJar(file) ? !kept.contains(file) : isCacheOfNone(file, used))
                    .toList();
        }
        for (Path file : others) {
            Files.delete(file);
        }
    }

    private static boolean isJar(Path file) {
        return file.toString().endsWith(".jar");
    }

    private static boolean isCacheOfNone(Path file, Collection<InstalledService> used) {
        String name = file.getFileName().toString();
        return (name.endsWith(".aot") || name.endsWith(".aot.sha256"))
                && used.stream().noneMatch(one -> name.startsWith(one.build()));
    }

    private static Path folder(StackSettings settings) {
        return settings.dataDirectory().resolve("app");
    }

    private static Path findExecutable(Path folder, Service service) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith("-exec.jar"))
                    .findFirst()
                    .orElseThrow(() -> notBuilt(folder, service));
        } catch (IOException e) {
            throw notBuilt(folder, service);
        }
    }

    private static CommandFailure notBuilt(Path folder, Service service) {
        return new CommandFailure(
                "there is no %s-*-exec.jar in %s".formatted(service.module(), folder), "Build first: ./shiftadd build");
    }

    private static void copy(JarFile jar, JarEntry entry, Path target) throws IOException {
        if (!Files.exists(target)) {
            try (InputStream in = jar.getInputStream(entry)) {
                copy(in, target);
            }
        }
    }

    private static void copy(Path source, Path target) throws IOException {
        if (!Files.exists(target)) {
            try (InputStream in = Files.newInputStream(source)) {
                copy(in, target);
            }
        }
    }

    private static void copy(InputStream in, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        Path half = Files.createTempFile(target.getParent(), "copying", ".tmp");
        Files.copy(in, half, StandardCopyOption.REPLACE_EXISTING);
        Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
    }
}
