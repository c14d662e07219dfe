package io.shiftadd.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** Where a run keeps its files, gigabytes perhaps: they go with the run, also if it is interrupted. */
final class WorkDirectory implements AutoCloseable {

    private final Path path;
    private final Thread atExit = new Thread(this::delete, "delete-work-directory");

    private WorkDirectory(Path path) {
        this.path = path;
    }

    /** Makes an empty directory beside other temporary files. */
    static WorkDirectory create() throws IOException {
        WorkDirectory made = new WorkDirectory(Files.createTempDirectory("shiftadd-bench"));
        Runtime.getRuntime().addShutdownHook(made.atExit);
        return made;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The process ends already and deletes the directory.
            return;
        }
        delete();
    }

    private void delete() {
        try {
            FileSystemUtils.deleteRecursively(path);
        } catch (IOException e) {
            throw new UncheckedIOException("the files of this run are left in " + path, e);
        }
    }
}
