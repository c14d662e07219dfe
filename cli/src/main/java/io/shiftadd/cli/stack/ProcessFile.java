package io.shiftadd.cli.stack;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
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
 * anybody's, so the time of the process's start has to agree as well. Where the system counts it from its own start,
 * that
 * count is compared, and a clock that was set meanwhile does not matter.
 */
record ProcessFile(Path file) {

    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

    /** Of /proc/…/stat, counted from behind the name. */
    private static final int START_COLUMN = 19;

    /** @param notes what was noted down about it */
    record Found(ProcessHandle process, Properties notes) {}

    ProcessFile(Path runDirectory, String name) {
        this(runDirectory.resolve(name + ".process"));
    }

    /** The process, if it still runs; a file that cannot be read names none. */
    Optional<Found> find() {
        return notes().flatMap(notes -> {
            try {
                return ProcessHandle.of(Long.parseLong(notes.getProperty("pid", "")))
                        .filter(ProcessHandle::isAlive)
                        .filter(process -> isSame(process, notes))
                        .map(process -> new Found(process, notes));
            } catch (DateTimeParseException | NumberFormatException e) {
                return Optional.empty();
            }
        });
    }

    /** Whether there is a file that does not say which process it means, as after a loss of power. */
    boolean isDamaged() {
        return Files.exists(file)
                && notes().filter(notes ->
                                notes.getProperty("pid", "").matches("\\d{1,18}") && notes.containsKey("started"))
                        .isEmpty();
    }

    private Optional<Properties> notes() {
        Properties notes = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            notes.load(in);
            return Optional.of(notes);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (MalformedInputException | IllegalArgumentException noText) {
            return Optional.empty();
        } catch (IOException e) {
            throw new CommandFailure(
                    "cannot read which process " + file + " names: " + e.getMessage(),
                    "Make the file readable, or remove it after ending that process, if it runs.",
                    e);
        }
    }

    private static boolean isSame(ProcessHandle process, Properties notes) {
        String counted = countedStart(process);
        String noted = notes.getProperty("counted", "");
        if (!counted.isEmpty() && !noted.isEmpty()) {
            return counted.equals(noted);
        }
        Instant started = Instant.parse(notes.getProperty("started", ""));
        return Duration.between(startOf(process), started).abs().compareTo(CLOCK_TOLERANCE) < 0;
    }

    /** Which start of the system, and how long after it the process began; empty where the system does not tell. */
    private static String countedStart(ProcessHandle process) {
        try {
            String boot =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"), StandardCharsets.ISO_8859_1);
            // The name in brackets may have any characters; what comes behind it is in columns.
            String[] columns = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
            return boot + "/" + columns[START_COLUMN];
        } catch (IOException | IndexOutOfBoundsException e) {
            return "";
        }
    }

    void remember(ProcessHandle process, Map<String, String> notes) throws IOException {
        Properties all = new Properties();
        all.putAll(notes);
        all.setProperty("pid", Long.toString(process.pid()));
        all.setProperty("started", startOf(process).toString());
        all.setProperty("counted", countedStart(process));
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
