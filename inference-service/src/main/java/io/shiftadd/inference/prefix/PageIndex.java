package io.shiftadd.inference.prefix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which pages there are, and which were used last; within a budget of bytes. Thread-safe. */
final class PageIndex {

    private final long budget;
    private final Map<String, Long> bytesByName = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    PageIndex(long budget) {
        this.budget = budget;
    }

    /** Whether it is there; whoever asks does not use it yet. */
    synchronized boolean has(String name) {
        return bytesByName.containsKey(name);
    }

    /** It is used: it will be the last to go. */
    synchronized void touch(String name) {
        bytesByName.get(name);
    }

    boolean fits(long size) {
        return size <= budget;
    }

    /**
     * Makes room for a page that fits.
     *
     * @return names of those that have to go for it
     */
    synchronized List<String> makeRoom(long size) {
        List<String> gone = new ArrayList<>();
        var eldest = bytesByName.entrySet().iterator();
        while (bytes + size > budget && eldest.hasNext()) {
            Map.Entry<String, Long> entry = eldest.next();
            gone.add(entry.getKey());
            bytes -= entry.getValue();
            eldest.remove();
        }
        return gone;
    }

    synchronized void add(String name, long size) {
        remove(name);
        bytesByName.put(name, size);
        bytes += size;
    }

    synchronized void remove(String name) {
        Long size = bytesByName.remove(name);
        bytes -= size == null ? 0 : size;
    }

    synchronized long bytes() {
        return bytes;
    }
}
