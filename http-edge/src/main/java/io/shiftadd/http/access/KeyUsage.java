package io.shiftadd.http.access;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one key uses: a bucket of requests that fills evenly over a minute, and the requests under way. Thread-safe.
 */
final class KeyUsage {

    private static final double NANOS_PER_MINUTE = 60e9;

    private final LongSupplier nanoClock;
    private double requests = -1;
    private long filledAt;
    private int underWay;

    KeyUsage(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.filledAt = nanoClock.getAsLong();
    }

    /** Why a request may not start now, and when it may. */
    record Refusal(String code, Duration retryAfter, String message) {}

    /** Begins a request, to be ended by {@link #end()}; null when it may begin. */
    synchronized @Nullable Refusal begin(ApiKey key) {
        Integer concurrent = key.maxConcurrentRequests();
        if (concurrent != null && underWay >= concurrent) {
            return new Refusal(
                    "concurrency_limit_exceeded",
                    Duration.ofSeconds(1),
                    "This API key has " + underWay + " requests under way, and may have " + concurrent);
        }
        Integer perMinute = key.requestsPerMinute();
        if (perMinute != null) {
            fill(perMinute);
            if (requests < 1) {
                double minutes = (1 - requests) / perMinute;
                return new Refusal(
                        "rate_limit_exceeded",
                        Duration.ofSeconds((long) Math.ceil(minutes * 60)),
                        "This API key may send " + perMinute + " requests a minute");
            }
            requests--;
        }
        underWay++;
        return null;
    }

    private void fill(int perMinute) {
        long now = nanoClock.getAsLong();
        double before = requests < 0 ? perMinute : requests;
        requests = Math.min(perMinute, before + (now - filledAt) / NANOS_PER_MINUTE * perMinute);
        filledAt = now;
    }

    synchronized void end() {
        underWay--;
    }
}
