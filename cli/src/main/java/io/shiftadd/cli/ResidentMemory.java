package io.shiftadd.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process holds in memory, mapped files included, as Linux counts it. */
public final class ResidentMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");
    private static final long KIBIBYTE = 1024;

    /** The system does not tell. */
    public static final long UNKNOWN = -1;

    private ResidentMemory() {}

    /** Bytes held now. */
    public static long now() {
        return read("VmRSS:");
    }

    /** The most that has been held since the start or {@link #resetPeak()}. */
    public static long peak() {
        return read("VmHWM:");
    }

    /** Bytes held now that lie in no file: heap, native memory, stacks, compiled code. */
    public static long anonymous() {
        return read("RssAnon:");
    }

    /** Whether the peak counts from now on. */
    public static boolean resetPeak() {
        try {
            Files.writeString(CLEAR, "5");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static long read(String key) {
        if (!Files.isReadable(STATUS)) {
            return UNKNOWN;
        }
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(key)) {
                    String number =
                            line.substring(key.length()).replace("kB", "").strip();
                    return Long.parseLong(number) * KIBIBYTE;
                }
            }
            return UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
