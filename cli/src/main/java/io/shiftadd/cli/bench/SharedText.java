package io.shiftadd.cli.bench;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The texts that language models are calibrated on and measured by. */
final class SharedText {

    private SharedText() {}

    /**
     * @param given on the command line, or null
     * @param name of the file of {@code shared} that is the default
     * @throws CommandFailure if the file cannot be read
     */
    static String read(@Nullable Path given, Path shared, String name) {
        Path file = given == null ? shared.resolve("data/text").resolve(name) : given;
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CommandFailure(
                    "the text " + file + " cannot be read",
                    "Name the directory that has data/text with --shared, or another file where the command takes one.",
                    e);
        }
    }
}
