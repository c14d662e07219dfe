package io.shiftadd.quantize.job.run;

import io.shiftadd.job.JobId;
import io.shiftadd.quantize.artifact.DurableFiles;
import io.shiftadd.quantize.job.lease.JobLease;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory where a job keeps what it has finished: {@code work/<job>} of the data directory. Every file is there
 * whole or not at all. The mark is written first, so that a directory that was lost is told from one that is still
 * empty.
 */
public final class JobWorkspace {

    private static final String MARK = "job.id";
    private static final String CALIBRATION = "calibration-";
    private static final String STAGED = "artifact-";
    private static final String PROFILE = "profile-";
    private static final String CANDIDATE = "candidate-";
    private static final String PARTITION = "partition-";
    private static final String UNFINISHED = ".part";

    private final Path directory;
    private final JobId job;
    private final String owner;

    public JobWorkspace(Path root, JobLease lease) {
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

    /**
     * Takes over what earlier leases finished. Files that are finished never change, so a second link to one is as good
     * as a copy; what was left unfinished is not taken.
     */
    void adopt() throws IOException {
        List<Path> earlier = earlier(CALIBRATION);
        for (Path set : earlier) {
            link(set, calibration());
        }
        for (Path set : earlier) {
            DurableFiles.deleteTree(set);
        }
        for (String unfinished : List.of(STAGED, PROFILE, CANDIDATE, PARTITION)) {
            for (Path left : earlier(unfinished)) {
                DurableFiles.deleteTree(left);
            }
        }
    }

    private static void link(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : DurableFiles.filesUnder(from)) {
            Path here = to.resolve(file.getFileName());
            if (!file.toString().endsWith(UNFINISHED) && !Files.exists(here)) {
                Files.createLink(here, file);
            }
        }
        DurableFiles.sync(to);
    }

    private List<Path> earlier(String prefix) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, prefix + "*")) {
            for (Path entry : entries) {
                if (!entry.getFileName().toString().equals(prefix + owner)) {
                    found.add(entry);
                }
            }
        }
        return found;
    }

    public void delete() throws IOException {
        DurableFiles.deleteTree(directory);
    }

    public Path directory() {
        return directory;
    }

    /** The calibration set, a directory of this lease's own: a zombie goes on writing into another one. */
    public Path calibration() {
        return directory.resolve(CALIBRATION + owner);
    }

    /** The set as it is before the first block, for a pass that leaves the other one alone. */
    public Path calibrationForProfile() throws IOException {
        Path profile = directory.resolve(PROFILE + owner);
        DurableFiles.deleteTree(profile);
        link(calibration(), profile);
        return profile;
    }

    public void discardProfile() throws IOException {
        DurableFiles.deleteTree(directory.resolve(PROFILE + owner));
    }

    /** The packed layers of a model that is only measured. */
    public Path candidate() {
        return directory.resolve(CANDIDATE + owner);
    }

    /** Where a worker keeps the inputs of one block to itself. */
    public Path partition(long stepExecution, int block) {
        return directory.resolve("%s%s-%d-%04d".formatted(PARTITION, owner, stepExecution, block));
    }

    /** Bits of every layer, once they are decided. */
    public Path allocation() {
        return directory.resolve("allocation.json");
    }

    /** The packed layers of a block. */
    public Path packed(int block) {
        return directory.resolve("packed-%04d.safetensors".formatted(block));
    }

    /** The packed head. */
    public Path packedHead() {
        return directory.resolve("packed-head.safetensors");
    }

    /** The layers of a block after tuning. */
    public Path tuned(int block) {
        return directory.resolve("tuned-%04d.safetensors".formatted(block));
    }

    /** How routers of experts lean. */
    public Path routers() {
        return directory.resolve("routers.safetensors");
    }

    /** The norms after tuning. */
    public Path tunedNorms() {
        return directory.resolve("tuned-norms.safetensors");
    }

    /** What a tuning goes on from; the same however often and by whom it is written. */
    public Path tuning() {
        return directory.resolve("tuning.safetensors");
    }

    /** How many steps there are, where time decided that. */
    public Path tuningSteps() {
        return directory.resolve("tuning-steps.json");
    }

    /** Text to tune on that is written so far: a file for each portion of it. */
    public Path tuningText() {
        return directory.resolve("tuning-text");
    }

    /** The artifact while it is assembled and evaluated; of this lease's own as well. */
    public Path staged() {
        return directory.resolve(STAGED + owner);
    }

    /** Makes temporary names unique to the lease, so that a worker and the zombie it replaced never share one. */
    public String owner() {
        return owner;
    }
}
