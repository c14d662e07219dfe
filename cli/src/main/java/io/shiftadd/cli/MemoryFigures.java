package io.shiftadd.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a model takes beyond what the process held before it was opened.
 *
 * @param fileBytes of the weights
 * @param peakBytes the most that was resident meanwhile, less what was before; {@link ResidentMemory#UNKNOWN} where the
 *     system does not tell
 */
public record MemoryFigures(long fileBytes, long peakBytes) {

    private static final double MEGABYTE = 1e6;

    /** Begins a measurement. */
    public static final class Meter {

        private final long before;
        private final boolean counts;

        private Meter(long before, boolean counts) {
            this.before = before;
            this.counts = counts;
        }

        public static Meter start() {
            System.gc();
            boolean counts = ResidentMemory.resetPeak();
            return new Meter(ResidentMemory.now(), counts);
        }

        /**
         * @param model a directory, or a file with weights
         */
        public MemoryFigures read(Path model) {
            long peak = ResidentMemory.peak();
            boolean isKnown = counts && before != ResidentMemory.UNKNOWN && peak != ResidentMemory.UNKNOWN;
            return new MemoryFigures(weightBytes(model), isKnown ? peak - before : ResidentMemory.UNKNOWN);
        }
    }

    private static long weightBytes(Path model) {
        try {
            if (Files.isRegularFile(model)) {
                return Files.size(model);
            }
            try (Stream<Path> files = Files.list(model)) {
                long bytes = 0;
                for (Path file : files.toList()) {
                    String name = file.toString();
                    bytes += name.endsWith(".safetensors") || name.endsWith(".gguf") ? Files.size(file) : 0;
                }
                return bytes;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + model, e);
        }
    }

    /** The peak in parts of the file's size. */
    public double ratio() {
        return (double) peakBytes / fileBytes;
    }

    @Override
    public String toString() {
        return peakBytes == ResidentMemory.UNKNOWN
                ? "memory: this system does not tell"
                : String.format(
                        Locale.ROOT,
                        "memory: weights %.1f MB in files, peak %.1f MB resident beyond the process before (%.0f %%)",
                        fileBytes / MEGABYTE,
                        peakBytes / MEGABYTE,
                        100 * ratio());
    }
}
