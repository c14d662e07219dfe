package io.shiftadd.registry.hub;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongConsumer;

/** Counts the bytes of an import and writes them to its row, at most twice a second. Used by one thread. */
final class ImportProgress implements HubDownload.Progress {

    private static final long PERIOD_NANOS = 500_000_000;

    private final UUID id;
    private final ImportRecords records;
    private final Map<String, Long> done = new HashMap<>();
    private final Map<String, Long> total = new HashMap<>();
    private String file = "";
    private long written;

    ImportProgress(UUID id, ImportRecords records) {
        this.id = id;
        this.records = records;
    }

    void enter(String next) {
        file = next;
    }

    @Override
    public void begun(long present, long whole) {
        done.put(file, present);
        total.put(file, Math.max(whole, present));
        write();
    }

    @Override
    public LongConsumer more() {
        return count -> {
            done.merge(file, count, Long::sum);
            if (System.nanoTime() - written > PERIOD_NANOS) {
                write();
            }
        };
    }

    /** Writes what has not been written yet. */
    void write() {
        long bytes = sum(done);
        records.progress(id, file, bytes, Math.max(bytes, sum(total)));
        written = System.nanoTime();
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
