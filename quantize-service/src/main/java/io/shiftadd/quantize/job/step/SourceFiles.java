package io.shiftadd.quantize.job.step;

import io.shiftadd.format.contents.ModelContents;
import io.shiftadd.quantize.artifact.Sha256;
import io.shiftadd.quantize.job.run.JobRefusedException;
import io.shiftadd.quantize.job.run.SourceModel;
import io.shiftadd.quantize.job.run.SourceModel.RegisteredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Compares files with what was registered of them, before any compute is spent on the wrong ones. */
final class SourceFiles {

    private static final String REMEDY = "Restore the file as it was, or import it again and post a new job.";

    private final Runnable check;
    private final DoubleConsumer done;
    private final long total;
    private long read;

    /**
     * @param totalBytes of all files that are to be compared
     * @param check called every megabyte, may throw to stop
     * @param done told the share of the bytes read so far
     */
    SourceFiles(long totalBytes, Runnable check, DoubleConsumer done) {
        this.total = Math.max(1, totalBytes);
        this.check = check;
        this.done = done;
    }

    /**
     * A model's files, all of those that can change its results and no others than were registered.
     *
     * @return what was read
     * @throws JobRefusedException when a file is missing, new, or not the one that was registered
     */
    ModelContents verify(SourceModel model, List<RegisteredFile> registered) throws IOException {
        for (RegisteredFile file : registered) {
            requireSize(file);
        }
        boolean published = !model.isOriginal() && ModelContents.hasManifest(model.location());
        ModelContents contents = published
                ? ModelContents.readArtifact(model.location(), this::progress)
                : ModelContents.read(model.location(), this::progress);
        Map<String, RegisteredFile> byName = registered.stream()
                .collect(Collectors.toMap(
                        file -> model.base().relativize(file.path()).toString(), Function.identity()));
        for (ModelContents.Entry found : contents.files()) {
            RegisteredFile file = byName.remove(found.path());
            if (file == null) {
                throw new JobRefusedException(
                        "file " + found.path() + " of the model was not there when it was registered",
                        "Remove the file, or import the model again and post a new job.");
            }
            requireDigest(file, found.sha256());
        }
        // Rows of models that were registered by an earlier version, which counted more files.
        for (RegisteredFile other : byName.values()) {
            verify(other);
        }
        return contents;
    }

    /** A single file. @throws JobRefusedException when it is missing or not the one that was registered */
    void verify(RegisteredFile file) throws IOException {
        requireSize(file);
        requireDigest(file, Sha256.of(file.path(), check));
        report(file.sizeBytes());
    }

    private void progress(long bytes) {
        check.run();
        report(bytes);
    }

    private void report(long bytes) {
        read += bytes;
        done.accept(Math.min(1, (double) read / total));
    }

    private static void requireSize(RegisteredFile file) throws IOException {
        if (!Files.isRegularFile(file.path())) {
            throw new JobRefusedException("file " + file.path() + " is gone", REMEDY);
        }
        long size = Files.size(file.path());
        if (size != file.sizeBytes()) {
            throw new JobRefusedException(
                    "file " + file.path() + " has " + size + " bytes, " + file.sizeBytes() + " when it was registered",
                    REMEDY);
        }
    }

    private static void requireDigest(RegisteredFile file, String digest) {
        if (!digest.equals(file.sha256())) {
            throw new JobRefusedException(
                    "file " + file.path() + " has changed since it was registered: its SHA-256 is " + digest + ", not "
                            + file.sha256(),
                    REMEDY);
        }
    }
}
