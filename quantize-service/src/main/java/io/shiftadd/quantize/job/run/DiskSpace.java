package io.shiftadd.quantize.job.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether what a job is going to write has room, asked before it starts and before every block. */
public final class DiskSpace {

    /** Left free for others: the database may be on the same disk. */
    private static final long RESERVE = 64L << 20;

    private final Path directory;
    private final JobResources resources;

    /** @param directory where the job writes, or will */
    public DiskSpace(Path directory, JobResources resources) {
        this.directory = directory;
        this.resources = resources;
    }

    public void requireForJob() throws IOException {
        require(resources.estimate().diskBytes(), "the job");
    }

    public void requireForBlock() throws IOException {
        require(resources.estimate().blockDiskBytes(resources.model().blockCount()), "the next block");
    }

    private void require(long bytes, String what) throws IOException {
        Path existing = directory.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        long free = Files.getFileStore(existing).getUsableSpace();
        if (free < bytes + RESERVE) {
            throw new JobRefusedException(
                    "the disk is full: %s needs %d MB in %s, of which %d MB are free (%d MB stay reserved)"
                            .formatted(what, megabytes(bytes), directory, megabytes(free), megabytes(RESERVE)),
                    "Free space there, or move the data directory to a larger disk, then retry the job; it goes on after"
                            + " the last finished block.");
        }
    }

    private static long megabytes(long bytes) {
        return Math.ceilDiv(bytes, 1L << 20);
    }
}
