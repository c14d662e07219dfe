package io.shiftadd.http.connection;

import io.shiftadd.http.connection.WatchedChannel.State;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at all connections now and then, and ends those that let others wait too long. When there are too many, of an
 * address or in all, those give way that have asked for nothing yet: idle ones first, then those whose headers, body or
 * reading does not come on; of each kind the oldest. One whose request is being worked on never does.
 */
final class ConnectionWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ConnectionWatch.class);

    /** Of so many allowed ones, one goes more than has to: looking at all of them is not done for each. */
    private static final int BATCH = 32;

    /** A reader that pauses for less is not behind. */
    private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

    /** Of the machine, or of the collector, that counts as time at all. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private static final long FRESH_NANOS = Duration.ofMillis(200).toNanos();
    private static final int TRIES = 4;
    private static final long TOLD_NANOS = Duration.ofMinutes(1).toNanos();

    private final ConnectionLimits limits;
    private final Supplier<Stream<WatchedChannel>> connections;
    private volatile @Nullable Thread thread;
    private long lastLook;
    private long fullUntil;
    private long lastTold;

    /** @param connections all of now */
    ConnectionWatch(ConnectionLimits limits, Supplier<Stream<WatchedChannel>> connections) {
        this.limits = limits;
        this.connections = connections;
        long now = System.nanoTime();
        this.lastLook = now;
        this.fullUntil = now;
        this.lastTold = now - TOLD_NANOS;
    }

    void start() {
        Thread watching = Thread.ofPlatform().daemon().name("connection-watch").unstarted(this::watch);
        // It runs as long as it is this one, from its first moment on.
        thread = watching;
        watching.start();
    }

    @Override
    public void close() {
        Thread running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
        }
    }

    private void watch() {
        lastLook = System.nanoTime();
        while (thread == Thread.currentThread()) {
            try {
                Thread.sleep(limits.look());
                look();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // Connections come and go meanwhile; the next look finds what this one has missed.
                log.warn("Connections could not be looked at", e);
            }
        }
    }

    private void look() {
        long now = System.nanoTime();
        // A machine that slept, or a collection, is no client's fault.
        long elapsed =
                Math.min(now - lastLook, limits.look().plus(LONGEST_PAUSE).toNanos());
        lastLook = now;
        connections.get().forEach(connection -> {
            long turn = connection.turn();
            State state = connection.state();
            long behind = connection.behind(state, elapsed, limits.bytesPerSecond());
            boolean over = switch (state) {
                case HEAD -> now - connection.since() > limits.head().toNanos();
                case BODY -> behind > limits.body().toNanos();
                case ANSWER -> behind > limits.answer().toNanos();
                case IDLE, BUSY -> false;
            };
            if (over) {
                giveUp(connection, state, turn);
            }
        });
    }

    /**
     * Whether one more may come; if need be others go for it. When there is none that may go, it waits a moment, in
     * which those that have just come turn out to ask for nothing.
     *
     * @param open all that there are without it
     */
    boolean admits(SocketChannel added, IntSupplier open) {
        if (open.getAsInt() < limits.perAddress()) {
            return true;
        }
        if (System.nanoTime() - fullUntil < 0) {
            return false;
        }
        try {
            Object address = WatchedChannel.address(added);
            for (int i = 0; address != null && i < TRIES; i++) {
                if (hasRoom(address, open.getAsInt())) {
                    return true;
                }
                Thread.sleep(FRESH_NANOS / 1_000_000 / 2);
            }
        } catch (IOException e) {
            log.debug("A connection was closed before it was let in", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Others need not wait for the same.
        fullUntil = System.nanoTime() + TRIES * FRESH_NANOS;
        return false;
    }

    private boolean hasRoom(Object address, int open) {
        Map<Object, List<WatchedChannel>> byAddress = connections
                .get()
                .filter(connection -> connection.address() != null)
                .collect(Collectors.groupingBy(connection -> Objects.requireNonNull(connection.address())));
        List<WatchedChannel> own = byAddress.getOrDefault(address, List.of());
        if (own.size() >= limits.perAddress()) {
            return makeRoom(own, limits.perAddress(), address);
        }
        if (open < limits.most()) {
            return true;
        }
        List<WatchedChannel> crowd = byAddress.values().stream()
                .max(Comparator.comparingInt(List::size))
                .orElse(List.of());
        return makeRoom(crowd, limits.most(), address);
    }

    private boolean makeRoom(List<WatchedChannel> crowd, int allowed, Object address) {
        long now = System.nanoTime();
        record Candidate(WatchedChannel connection, State state, long turn, long behind, long age) {}
        List<Candidate> candidates = new ArrayList<>();
        for (WatchedChannel connection : crowd) {
            long turn = connection.turn();
            State state = connection.state();
            long age = now - connection.since();
            boolean behind = switch (state) {
                case IDLE, HEAD -> age > FRESH_NANOS;
                case BODY -> age > FRESH_NANOS;
                case ANSWER -> connection.behind() > PAUSE_NANOS;
                case BUSY -> false;
            };
            if (behind) {
                candidates.add(new Candidate(connection, state, turn, connection.behind(), age));
            }
        }
        candidates.sort(Comparator.comparing(Candidate::state)
                .thenComparing(Comparator.comparingLong(Candidate::behind).reversed())
                .thenComparing(Comparator.comparingLong(Candidate::age).reversed()));
        List<Candidate> going = candidates.subList(0, Math.min(candidates.size(), 1 + allowed / BATCH));
        going.forEach(one -> giveUp(one.connection(), one.state(), one.turn()));
        if (now - lastTold >= TOLD_NANOS) {
            lastTold = now;
            log.warn(
                    "{} connections, the most that may be, of {}: {} that asked for nothing or did not come on were"
                            + " closed{} (settings shiftadd.connections.most and .per-address)",
                    crowd.size(),
                    address,
                    going.size(),
                    going.isEmpty() ? ", so new ones are refused" : "");
        }
        return !going.isEmpty();
    }

    private static void giveUp(WatchedChannel connection, State state, long turn) {
        try {
            connection.giveUp(state, turn);
        } catch (IOException e) {
            log.debug("A connection was closed before it was given up", e);
        }
    }
}
