package io.shiftadd.cli.job;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.platform.PlatformApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A text for a job: the name of a registered one, or a file, which is uploaded under its own name. */
final class TextSource {

    private final PlatformApi registry;

    TextSource(PlatformApi registry) {
        this.registry = registry;
    }

    /** @return a name that a job may be given */
    String bring(String text) throws InterruptedException {
        Path file = Path.of(text);
        if (!Files.isRegularFile(file)) {
            return text;
        }
        String name =
                file.getFileName().toString().replaceFirst("\\.[^.]+$", "").replaceAll("[^A-Za-z0-9._-]", "-");
        try {
            return registry.uploadText(name, file).path("name").asString();
        } catch (IOException e) {
            throw new CommandFailure("cannot read " + file + ": " + e.getMessage(), "Check its permissions.", e);
        }
    }
}
