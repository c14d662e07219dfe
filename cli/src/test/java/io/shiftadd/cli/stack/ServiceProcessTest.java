package io.shiftadd.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceProcessTest {

    @TempDir
    private Path directory;

    private Process process;

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder("sleep", "600").start();
        new ServiceProcess(Service.QUANTIZE, process.toHandle(), 8081, "b1").remember(directory);
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void isFoundAgainByItsFile() {
        ServiceProcess found = ServiceProcess.find(directory, Service.QUANTIZE).orElseThrow();
        assertThat(found.process().pid()).isEqualTo(process.pid());
        assertThat(found.port()).isEqualTo(8081);
        assertThat(found.build()).isEqualTo("b1");
        assertThat(ServiceProcess.find(directory, Service.REGISTRY)).isEmpty();
    }

    @Test
    void isGoneOnceStopped() {
        ServiceProcess found = ServiceProcess.find(directory, Service.QUANTIZE).orElseThrow();
        assertThat(found.stop(directory)).isTrue();
        assertThat(process.isAlive()).isFalse();
        assertThat(ServiceProcess.find(directory, Service.QUANTIZE)).isEmpty();
    }

    @Test
    void isNotTakenForAnotherProcessThatGotItsId() throws IOException {
        Path file = directory.resolve("quantize.process");
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceAll("started=.*", "started=2001-01-01T00\\\\:00\\\\:00Z")
                        .replaceAll("counted=.*", "counted=another"));
        assertThat(ServiceProcess.find(directory, Service.QUANTIZE)).isEmpty();
    }

    @Test
    void isFoundAgainAfterTheClockWasSet() throws IOException {
        Path file = directory.resolve("quantize.process");
        String noted = Files.readString(file);
        assumeThat(noted).as("a system that counts from its own start").doesNotContain("counted=\n");
        Files.writeString(file, noted.replaceAll("started=.*", "started=2001-01-01T00\\\\:00\\\\:00Z"));
        assertThat(ServiceProcess.find(directory, Service.QUANTIZE)).isPresent();
    }

    @Test
    void aFileThatWasDamagedNamesNoProcess() throws IOException {
        Path file = directory.resolve("quantize.process");
        ProcessFile damaged = new ProcessFile(directory, "quantize");
        assertThat(damaged.isDamaged()).isFalse();
        for (byte[] content : List.of(
                new byte[0],
                new byte[200],
                "pid=".getBytes(StandardCharsets.UTF_8),
                new byte[] {(byte) 0xFF},
                "pid=\\uZZ".getBytes(StandardCharsets.UTF_8))) {
            Files.write(file, content);
            assertThat(ServiceProcess.find(directory, Service.QUANTIZE)).isEmpty();
            assertThat(damaged.isDamaged()).isTrue();
        }
    }
}
