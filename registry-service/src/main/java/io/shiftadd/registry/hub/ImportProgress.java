package io.shiftadd.registry.hub;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Counts the bytes of an import and writes them to its row, at most twice a second. Used by one thread. */
final class ImportProgress {

    private static final long PERIOD_NANOS = 500_000_000;

    /** What the last period weighs in the rate: it is that of the last few seconds. */
    private static final double WEIGHT = 0.15;

    private final UUID id;
    private final ImportRecords records;
    private final Map<String, Long> done = new HashMap<>();
    private String file = "";
    private long planned;
    private long received;
    private long receivedBefore;
    private double rate;
    private long written = System.nanoTime();

    ImportProgress(UUID id, ImportRecords records) {
        this.id = id;
        this.records = records;
    }

    /** @param bytes of all files together */
    void plan(long bytes) {
        planned = bytes;
        write();
    }

    /** @param present bytes of the file that are here already */
    void enter(String next, long present) {
        file = next;
        done.put(file, present);
        writeNowAndThen();
    }

    void add(long bytes) {
        done.merge(file, bytes, Long::sum);
        received += bytes;
        writeNowAndThen();
    }

    private void writeNowAndThen() {
        if (System.nanoTime() - written > PERIOD_NANOS) {
            write();
        }
    }

    /** Writes what has not been written yet. */
    void write() {
        long now = System.nanoTime();
        double seconds = (now - written) / 1e9;
        if (seconds > 0.1) {
            double last = (received - receivedBefore) / seconds;
            rate = rate == 0 ? last : rate + WEIGHT * (last - rate);
            receivedBefore = received;
        }
        long bytes = done.values().stream().mapToLong(Long::longValue).sum();
        records.progress(id, file, bytes, Math.max(bytes, planned), Math.round(rate));
        written = now;
    }
}
