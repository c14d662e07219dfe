package io.shiftadd.quantize.job.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The most memory that this process has held at the moments when it was asked. On Linux the resident memory that is
 * not backed by a file (heap, native memory, stacks): mapped weights are left out, the system can drop them. Elsewhere
 * the used heap.
 */
public final class PeakMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ANONYMOUS = "RssAnon:";
    private static final int KIBIBYTE = 1024;

    private final AtomicLong peak = new AtomicLong();

    public void sample() {
        peak.accumulateAndGet(now(), Math::max);
    }

    public long bytes() {
        return peak.get();
    }

    private static long now() {
        if (Files.isReadable(STATUS)) {
            try {
                for (String line : Files.readAllLines(STATUS)) {
                    if (line.startsWith(ANONYMOUS)) {
                        return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIBIBYTE;
                    }
                }
            } catch (IOException unreadable) {
                return usedHeap();
            }
        }
        return usedHeap();
    }

    private static long usedHeap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
