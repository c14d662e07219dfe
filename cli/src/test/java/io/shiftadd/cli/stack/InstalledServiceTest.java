package io.shiftadd.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledServiceTest {

    @TempDir
    private Path checkout;

    private StackSettings settings;

    @BeforeEach
    void layOut() {
        settings = StackSettings.of(Map.of("SHIFTADD_HOME", checkout.toString()));
    }

    @Test
    void putsTheModuleBeforeItsLibraries() throws IOException {
        build("one", "library");
        InstalledService installed = InstalledService.install(settings, Service.REGISTRY);
        assertThat(installed.mainClass()).isEqualTo("example.Main");
        assertThat(installed.classPath())
                .hasSize(2)
                .allSatisfy(jar -> assertThat(jar).exists());
        assertThat(installed.classPath().getFirst()).hasContent("one");
        assertThat(installed.classPath().getLast()).hasContent("library");
    }

    @Test
    void aChangedClassIsAnotherBuildWithTheSameLibraries() throws IOException {
        build("one", "library");
        InstalledService first = InstalledService.install(settings, Service.REGISTRY);
        build("two", "library");
        InstalledService second = InstalledService.install(settings, Service.REGISTRY);
        assertThat(second.build()).isNotEqualTo(first.build());
        assertThat(second.classPath().getLast()).isEqualTo(first.classPath().getLast());
        assertThat(first.classPath().getFirst()).hasContent("one");

        InstalledService.removeAllBut(settings, List.of(second));
        assertThat(first.classPath().getFirst()).doesNotExist();
        assertThat(second.classPath()).allSatisfy(jar -> assertThat(jar).exists());
    }

    @Test
    void leavesNothingHalfCopied() throws IOException {
        build("one", "library");
        InstalledService.install(settings, Service.REGISTRY);
        try (Stream<Path> files = Files.list(checkout.resolve(".shiftadd/app"))) {
            assertThat(files).allSatisfy(file -> assertThat(file.toString()).endsWith(".jar"));
        }
    }

    @Test
    void saysThatNothingIsBuilt() {
        assertThatThrownBy(() -> InstalledService.install(settings, Service.REGISTRY))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.remedy()).contains("./shiftadd build"));
    }

    @Test
    void whatAPackageHasIsRunFromThere(@TempDir Path library) throws IOException {
        build("one", "library");
        InstalledService installed = InstalledService.install(settings, Service.REGISTRY);
        installed.packInto(library);
        StackSettings packed = StackSettings.of(
                Map.of("SHIFTADD_HOME", library.toString(), "SHIFTADD_DATA_DIRECTORY", checkout + "/nothing-yet"));
        InstalledService found = InstalledService.install(packed, Service.REGISTRY);
        assertThat(found.build()).isEqualTo(installed.build());
        assertThat(found.mainClass()).isEqualTo("example.Main");
        assertThat(found.classPath())
                .hasSize(2)
                .allSatisfy(jar -> assertThat(jar).startsWith(library));
        assertThat(found.classPath().getLast()).hasContent("library");
        InstalledService.removeAllBut(packed, List.of(found));
        assertThat(checkout.resolve("nothing-yet")).doesNotExist();
    }

    private void build(String classes, String library) throws IOException {
        Path folder = Files.createDirectories(checkout.resolve("registry-service/target/run"));
        Files.writeString(folder.resolve("registry-service-1.jar"), classes);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Start-Class"), "example.Main");
        try (OutputStream file = Files.newOutputStream(folder.resolve("registry-service-1-exec.jar"));
                JarOutputStream jar = new JarOutputStream(file, manifest)) {
            put(jar, "BOOT-INF/classes/example/Main.class", classes);
            put(jar, "BOOT-INF/lib/library-1.jar", library);
        }
    }

    private static void put(JarOutputStream jar, String name, String content) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(content.getBytes(StandardCharsets.UTF_8));
        jar.closeEntry();
    }
}
