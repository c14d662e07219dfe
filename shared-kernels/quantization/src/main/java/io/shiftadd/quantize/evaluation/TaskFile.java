package io.shiftadd.quantize.evaluation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file of task data as a whole. */
final class TaskFile {

    /** Far above the largest task; keeps a wrong file from filling the memory. */
    private static final long MOST_BYTES = 256L << 20;

    private TaskFile() {}

    static String read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw missing(file);
        }
        long size = Files.size(file);
        if (size > MOST_BYTES) {
            throw new TaskFormatException(file, 0, "has " + size + " bytes", "at most " + MOST_BYTES + " are read");
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException malformed) {
            throw new TaskFormatException(
                    file, line(bytes.array(), bytes.position()), "is not UTF-8", "task data is text in UTF-8");
        }
    }

    static TaskFormatException missing(Path file) {
        return new TaskFormatException(
                file,
                0,
                "is not there",
                "the task's data is expected under this name",
                "Put the data there, or say where it lies with shiftadd.tasks.directory, and retry the job.");
    }

    private static long line(byte[] bytes, int position) {
        long line = 1;
        for (int i = 0; i < position; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }
}
