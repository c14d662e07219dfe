package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small file system in memory that runs full while a job works. Needs the right to mount one. */
class DiskFullIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long MEGABYTE = 1 << 20;

    /** Enough that many are left when the disk has been filled, however slow that is. */
    private static final int BLOCKS = 30;

    @TempDir
    private Path directory;

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static void awaitState(Registry registry, UUID job, String state) {
        await().atMost(LIMIT).until(() -> registry.stateOf(job).equals(state));
    }

    @Test
    void failsWithItsCauseAndGoesOnOnceThereIsRoom() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", disk.toString()) == 0,
                "no right to mount a small file system here");
        try (Registry registry = new Registry();
                Worker worker = Worker.start(registry, disk.resolve("data"), Map.of())) {
            UUID model = registry.addModel("tiny", TinyModel.write(directory.resolve("tiny"), BLOCKS));
            Map<String, Object> settings = new HashMap<>(Samples.settings("acc", 2));
            settings.put("samples", 1024);
            Path text = Files.writeString(
                    directory.resolve("text.txt"), "The quick brown fox jumps over a lazy dog. ".repeat(400));
            UUID id = registry.addText("text", text);
            UUID job = registry.job(model).texts(id, id).settings(settings).post("disk-full");
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> registry.column(job, "block_current", Integer.class) >= 1);
            Path filler = disk.resolve("filler");
            fill(filler);
            awaitState(registry, job, "FAILED");
            int done = registry.column(job, "block_current", Integer.class);
            assertThat(registry.column(job, "cause", String.class)).contains("disk is full");
            assertThat(registry.column(job, "remedy", String.class)).contains("Free space");

            Files.delete(filler);
            registry.jdbc()
                    .sql("update registry.job set state = 'QUEUED' where id = :job")
                    .param("job", job)
                    .update();
            awaitState(registry, job, "SUCCEEDED");
            assertThat(done).isLessThan(BLOCKS);
            assertThat(registry.events(job, "block")).hasSize(BLOCKS);
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    /** To the last byte: what the job has asked for before is gone when it comes to use it. */
    private static void fill(Path file) throws IOException {
        byte[] megabyte = new byte[(int) MEGABYTE];
        try (var out = Files.newOutputStream(file)) {
            while (true) {
                out.write(megabyte);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }
}
