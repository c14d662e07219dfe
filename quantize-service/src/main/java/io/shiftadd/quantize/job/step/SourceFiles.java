package io.shiftadd.quantize.job.step;

import io.shiftadd.quantize.artifact.Sha256;
import io.shiftadd.quantize.job.run.JobRefusedException;
import io.shiftadd.quantize.job.run.SourceModel.RegisteredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.DoubleConsumer;

/** Compares files with what was registered of them, before any compute is spent on the wrong ones. */
final class SourceFiles {

    private static final String REMEDY = "Restore the file as it was, or import it again and post a new job.";

    private SourceFiles() {}

    /**
     * @param check called every megabyte, may throw to stop
     * @param done told the share of the bytes read so far
     * @throws JobRefusedException when a file is missing or not the one that was registered
     */
    static void verify(List<RegisteredFile> files, Runnable check, DoubleConsumer done) throws IOException {
        long total =
                Math.max(1, files.stream().mapToLong(RegisteredFile::sizeBytes).sum());
        long read = 0;
        for (RegisteredFile file : files) {
            verify(file, check);
            read += file.sizeBytes();
            done.accept((double) read / total);
        }
    }

    private static void verify(RegisteredFile file, Runnable check) throws IOException {
        if (!Files.isRegularFile(file.path())) {
            throw new JobRefusedException("file " + file.path() + " is gone", REMEDY);
        }
        long size = Files.size(file.path());
        if (size != file.sizeBytes()) {
            throw new JobRefusedException(
                    "file " + file.path() + " has " + size + " bytes, " + file.sizeBytes() + " when it was registered",
                    REMEDY);
        }
        String digest = Sha256.of(file.path(), check);
        if (!digest.equals(file.sha256())) {
            throw new JobRefusedException(
                    "file " + file.path() + " has changed since it was registered: its SHA-256 is " + digest + ", not "
                            + file.sha256(),
                    REMEDY);
        }
    }
}
