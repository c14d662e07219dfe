package io.shiftadd.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WorkDirectoryTest {

    @Test
    void goesWithAllThatIsInIt() throws IOException {
        Path path;
        try (WorkDirectory work = WorkDirectory.create()) {
            path = work.path();
            Path inner = Files.createDirectory(path.resolve("model"));
            Files.writeString(inner.resolve("weights"), "0");
            assertThat(path).isDirectory();
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void goesWhenTheProcessIsEnded() throws IOException, InterruptedException {
        Process run = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Waiting.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Path path = Path.of(run.inputReader().readLine());
        assertThat(path).isDirectory();
        run.destroy();
        run.waitFor();
        assertThat(path).doesNotExist();
    }

    /** Holds a directory until it is ended. */
    static final class Waiting {

        private Waiting() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            try (WorkDirectory work = WorkDirectory.create()) {
                Files.writeString(work.path().resolve("weights"), "0");
                System.out.println(work.path());
                Thread.currentThread().join();
            }
        }
    }
}
