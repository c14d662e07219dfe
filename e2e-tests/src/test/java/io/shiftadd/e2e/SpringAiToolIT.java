package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shiftadd.cli.stack.Service;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Spring AI's {@code @Tool}. What makes a schema of a method is of another version there than in the OpenAI client of
 * the other tests, so this one has a class path of its own: theirs, with that library's newer version before it, which
 * the build puts into {@code target/spring-ai}.
 */
class SpringAiToolIT {

    private static final Path LIBRARIES = Path.of("target", "spring-ai");

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    private static URLClassLoader classes() throws Exception {
        List<URL> places = new ArrayList<>();
        try (DirectoryStream<Path> newer = Files.newDirectoryStream(LIBRARIES, "*.jar")) {
            newer.forEach(file -> places.add(url(file)));
        }
        for (String place : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!place.contains("jsonschema-")) {
                places.add(url(Path.of(place)));
            }
        }
        return new URLClassLoader(places.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    @Test
    void callsAMethodAndGoesOnWithWhatItGave() throws Exception {
        assumeTrue(Files.isDirectory(LIBRARIES), "the build has not put Spring AI's libraries into " + LIBRARIES);
        new Registry(Platform.get()).importSample("llama-mini");
        String url = Platform.get().url(Service.INFERENCE) + "/v1";
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        try (URLClassLoader own = classes()) {
            current.setContextClassLoader(own);
            Class<?> tools = own.loadClass("io.shiftadd.e2e.annotated.AnnotatedTools");
            String said = String.valueOf(
                    tools.getMethod("run", String.class, String.class).invoke(null, url, "llama-mini"));
            List<String> lines = said.lines().toList();
            assertThat(lines.getFirst()).contains("\"city\"", "\"days\"", "\"required\" : [ \"city\" ]");
            assertThat(lines.get(1)).isNotBlank().doesNotContain("null");
            assertThat(lines.get(2)).isNotBlank();
        } catch (InvocationTargetException e) {
            throw new AssertionError("the tool was not called: " + e.getCause(), e.getCause());
        } finally {
            current.setContextClassLoader(before);
        }
    }
}
