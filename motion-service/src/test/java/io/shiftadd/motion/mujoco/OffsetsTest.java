package io.shiftadd.motion.mujoco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shiftadd.motion.Libraries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OffsetsTest {

    private static final Path TABLES = Path.of("src", "main", "resources", "io", "shiftadd", "motion", "mujoco");
    private static final List<String> PATH =
            List.of(System.getenv().getOrDefault("PATH", "").split(":"));

    @Test
    void tablesAreWhatTheHeadersSay() throws IOException, InterruptedException {
        List<Path> includes = new ArrayList<>(List.of(Path.of("/usr/include")));
        Libraries.packages().forEach(each -> includes.add(each.resolve("include")));
        includes.removeIf(include -> !Files.exists(include.resolve("mujoco").resolve("mujoco.h")));
        assumeTrue(!includes.isEmpty(), "MuJoCo's headers are not there (libmujoco-dev, or Python's mujoco-core)");
        boolean compiler = Stream.of("cc")
                .anyMatch(name -> PATH.stream().anyMatch(directory -> Files.isExecutable(Path.of(directory, name))));
        assumeTrue(compiler, "a C compiler (cc) is not there");
        for (Path include : includes) {
            Process process = new ProcessBuilder("offsets/generate.sh", include.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String table = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("exit status for %s", include).isZero();
            String version = table.lines().findFirst().orElseThrow().split("=", 2)[1];
            assertThat(TABLES.resolve(version + ".properties")).content().isEqualTo(table);
        }
    }

    @Test
    void everyKnownVersionHasATableOfItsOwnNumber() {
        for (int version : Offsets.KNOWN) {
            Offsets offsets = Offsets.of(version).orElseThrow();
            assertThat(offsets.value("mjVERSION_HEADER")).isEqualTo(version);
            assertThat(offsets.value("sizeof.mjtNum")).isEqualTo(Double.BYTES);
        }
    }

    @Test
    void versionsAreShownAsPeopleWriteThem() {
        assertThat(Offsets.shown(222)).isEqualTo("2.2.2");
        assertThat(Offsets.shown(337)).isEqualTo("3.3.7");
        assertThat(Offsets.shown(4_000_000)).isEqualTo("4.0.0");
        assertThat(Offsets.shown(3_017_002)).isEqualTo("3.17.2");
    }
}
