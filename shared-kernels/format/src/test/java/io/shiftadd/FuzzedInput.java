package io.shiftadd;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.format.FormatException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/** Runs a reader over a wrong file: it succeeds or says what is wrong with the typed exception, soon. */
public final class FuzzedInput {

    private static final long MAX_NANOS = 5_000_000_000L;

    /** Of the thread's own time: how long others keep it waiting says nothing of the reader. */
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final int SHOWN = 4096;

    private FuzzedInput() {}

    @FunctionalInterface
    public interface Reader {
        void read() throws Exception;
    }

    /** A new file each time: to overwrite one makes some file systems wait for the disk. */
    public static void write(Path file, byte[] bytes) throws IOException {
        Files.deleteIfExists(file);
        Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
    }

    /** Whether it was read. */
    public static boolean readOrRefuse(byte[] input, Reader reader) {
        long start = THREADS.getCurrentThreadCpuTime();
        boolean isRead = false;
        try {
            reader.read();
            isRead = true;
        } catch (FormatException e) {
            assertThat(e.what()).isNotBlank();
            assertThat(e.limit()).isNotBlank();
            assertThat(e.remedy()).isNotBlank();
        } catch (Exception | Error e) {
            throw new AssertionError(describe(input), e);
        }
        if (THREADS.getCurrentThreadCpuTime() - start > MAX_NANOS) {
            throw new AssertionError("computed for more than 5 s: " + describe(input));
        }
        return isRead;
    }

    private static String describe(byte[] input) {
        int length = Math.min(input.length, SHOWN);
        return input.length + " bytes: " + HexFormat.of().formatHex(input, 0, length);
    }
}
