package io.shiftadd.quantize.job.step;

import io.shiftadd.quantize.artifact.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The files in which a calibration set keeps the hidden states before a block: one, or two with the original's. */
final class HiddenFiles {

    private HiddenFiles() {}

    /** One digest over all files of a block's states. @throws java.nio.file.NoSuchFileException if there are none */
    static String sha256(Path calibration, int block, Runnable check) throws IOException {
        List<String> digests = new ArrayList<>();
        for (Path file : of(calibration, block)) {
            digests.add(file.getFileName() + " " + Sha256.of(file, check));
        }
        Collections.sort(digests);
        return Sha256.of(String.join("\n", digests).getBytes(StandardCharsets.UTF_8));
    }

    static List<Path> of(Path calibration, int block) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(calibration)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(calibration, "block-" + block + "-*.f32")) {
                entries.forEach(files::add);
            }
        }
        return files;
    }
}
