package io.shiftadd.cli.stack;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The file by which a process is found again. Its id alone would not do: after a restart of the machine it may be
 * anybody's, so the time of the process's start has to agree as well.
 */
record ProcessFile(Path file) {

    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

    /** @param notes what was noted down about it */
    record Found(ProcessHandle process, Properties notes) {}

    ProcessFile(Path runDirectory, String name) {
        this(runDirectory.resolve(name + ".process"));
    }

    /** The process, if it still runs. */
    Optional<Found> find() {
        Properties notes = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            notes.load(in);
            Instant started = Instant.parse(notes.getProperty("started", ""));
            return ProcessHandle.of(Long.parseLong(notes.getProperty("pid", "")))
                    .filter(ProcessHandle::isAlive)
                    .filter(process ->
                            Duration.between(startOf(process), started).abs().compareTo(CLOCK_TOLERANCE) < 0)
                    .map(process -> new Found(process, notes));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException | DateTimeParseException | IllegalArgumentException e) {
            throw new CommandFailure(
                    "cannot read which process " + file + " names: " + e.getMessage(),
                    "Remove the file after ending that process, if it runs.",
                    e);
        }
    }

    void remember(ProcessHandle process, Map<String, String> notes) throws IOException {
        Properties all = new Properties();
        all.putAll(notes);
        all.setProperty("pid", Long.toString(process.pid()));
        all.setProperty("started", startOf(process).toString());
        Path half = Files.createTempFile(file.getParent(), "process", ".tmp");
        try (Writer out = Files.newBufferedWriter(half)) {
            all.store(out, null);
        }
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void forget() throws IOException {
        Files.deleteIfExists(file);
    }

    private static Instant startOf(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }
}
