package io.shiftadd.cli.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How long something takes once it is compiled. */
final class Stopwatch {

    private static final long WARM_UP_NANOS = 1_000_000_000L;
    private static final long NANOS = 1_500_000_000L;
    private static final int LEAST = 5;

    private Stopwatch() {}

    /** Seconds of a run: the median of as many as go into 1.5 seconds, at least five, after a second to warm up. */
    static double median(Runnable work) {
        long start = System.nanoTime();
        do {
            work.run();
        } while (System.nanoTime() - start < WARM_UP_NANOS);
        List<Long> times = new ArrayList<>();
        start = System.nanoTime();
        while (times.size() < LEAST || System.nanoTime() - start < NANOS) {
            long before = System.nanoTime();
            work.run();
            times.add(System.nanoTime() - before);
        }
        Collections.sort(times);
        return times.get(times.size() / 2) / 1e9;
    }
}
