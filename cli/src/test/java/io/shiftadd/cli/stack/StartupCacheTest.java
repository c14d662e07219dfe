package io.shiftadd.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupCacheTest {

    @TempDir
    private Path directory;

    @Test
    void aCacheThatIsNotWhatWasRecordedIsNotUsed() throws IOException, InterruptedException {
        StackSettings settings = StackSettings.of(Map.of("SHIFTADD_HOME", directory.toString()));
        StartupCache cache = new StartupCache(settings);
        InstalledService service = new InstalledService(Service.REGISTRY, "b1", "Main", List.of());
        Path file = directory.resolve(".shiftadd/app/b1-registry-service-" + Runtime.version() + ".aot");
        Files.createDirectories(file.getParent());
        assertThat(cache.forgetIfDamaged(service)).isFalse();
        byte[] whole = new byte[3_000_000];
        Random random = new Random(1);
        random.nextBytes(whole);
        for (int round = 0; round < 10; round++) {
            Files.write(file, whole);
            note(file);
            assertThat(cache.forgetIfDamaged(service)).isFalse();
            assertThat(cache.forgetIfDamaged(service)).isFalse();
            assertThat(cache.options(service)).contains("-XX:AOTCache=" + file);
            byte[] damaged = round == 0 ? java.util.Arrays.copyOf(whole, whole.length / 2) : whole.clone();
            damaged[random.nextInt(damaged.length)] ^= 1;
            Files.write(file, damaged);
            assertThat(cache.forgetIfDamaged(service)).isTrue();
            assertThat(cache.options(service)).isEmpty();
            assertThat(cache.forgetIfDamaged(service)).as("said once").isFalse();
        }
        Files.write(file, whole);
        assertThat(cache.options(service)).as("nothing was noted").isEmpty();
    }

    /** As a recording does. */
    private static void note(Path cache) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("sh", "-c", "sha256sum <\"$0\" >\"$0.sha256\"", cache.toString())
                .start()
                .waitFor();
        assertThat(exit).isZero();
    }
}
