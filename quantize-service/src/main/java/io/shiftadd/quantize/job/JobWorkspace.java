package io.shiftadd.quantize.job;

import io.shiftadd.quantize.artifact.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The directory where a job keeps what it has finished: {@code <data>/work/<job>}. Every file is there whole or not at
 * all. The mark is written first, so that a directory that was lost is told from one that is still empty.
 */
final class JobWorkspace {

    private static final String MARK = "job.id";

    private final Path directory;
    private final UUID job;
    private final String owner;

    JobWorkspace(Path root, JobLease lease) {
        this.directory = root.resolve(lease.job().toString());
        this.job = lease.job();
        this.owner = Long.toString(lease.version());
    }

    boolean exists() {
        return Files.isRegularFile(directory.resolve(MARK));
    }

    void create() throws IOException {
        DurableFiles.deleteTree(directory);
        Files.createDirectories(directory);
        DurableFiles.write(directory.resolve(MARK), owner, (job + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void delete() throws IOException {
        DurableFiles.deleteTree(directory);
    }

    Path directory() {
        return directory;
    }

    Path calibrationTokens() {
        return directory.resolve("calibration.tokens.safetensors");
    }

    Path evaluationTokens() {
        return directory.resolve("evaluation.tokens.safetensors");
    }

    /** Bits of every layer, once they are decided. */
    Path allocation() {
        return directory.resolve("allocation.json");
    }

    /** Calibration hidden states that enter a block. */
    Path hidden(int block) {
        return directory.resolve("hidden-%04d.bin".formatted(block));
    }

    /** The packed layers of a block. */
    Path packed(int block) {
        return directory.resolve("packed-%04d.safetensors".formatted(block));
    }

    /** The artifact while it is assembled and evaluated. */
    Path staged() {
        return directory.resolve("artifact");
    }

    /** Makes temporary names unique to the lease, so that a worker and the zombie it replaced never share one. */
    String owner() {
        return owner;
    }
}
