package io.shiftadd.inference.generation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Prompts that wait. A prompt with several choices goes to the end of the line after each of them, so that nobody waits
 * for all of somebody else's. Thread-safe.
 */
final class WaitingLine {

    private static final double FORGET = 0.1;
    private static final long MAX_RETRY_SECONDS = 60;

    private final Deque<Work> line = new ArrayDeque<>();
    private final int capacity;
    private double secondsPerPrompt = 1;
    private boolean closed;

    WaitingLine(int capacity) {
        this.capacity = capacity;
    }

    /** All of them or none. */
    synchronized void add(List<Work> works) {
        if (closed) {
            throw new EngineStoppedException("the model is being unloaded; try again");
        }
        if (line.size() >= capacity) {
            long seconds = (long) Math.ceil(line.size() * secondsPerPrompt);
            throw new QueueFullException(line.size(), Duration.ofSeconds(Math.clamp(seconds, 1, MAX_RETRY_SECONDS)));
        }
        line.addAll(works);
    }

    /** Takes out the first that can start. */
    synchronized @Nullable Work first(Predicate<Work> canStart) {
        for (Work work : line) {
            if (canStart.test(work)) {
                line.remove(work);
                return work;
            }
        }
        return null;
    }

    synchronized void putBack(Work work) {
        line.addLast(work);
    }

    /** It is the next to start, when there is memory. */
    synchronized void putFirst(Work work) {
        line.addFirst(work);
    }

    /** Its choices that have not started will not. */
    synchronized void remove(Work work) {
        line.remove(work);
    }

    synchronized void removeClosed() {
        line.removeIf(work -> work.stream.closed());
    }

    /** Nothing more of a request is to start. */
    synchronized void removeAll(GenerationStream stream) {
        line.removeIf(work -> work.stream == stream);
    }

    synchronized int size() {
        return line.size();
    }

    /** Learns how long prompts take to leave, for the advice given to those turned away. */
    synchronized void observeLeft(double secondsSinceOtherLeft) {
        secondsPerPrompt += FORGET * (secondsSinceOtherLeft - secondsPerPrompt);
    }

    synchronized List<Work> close() {
        closed = true;
        List<Work> left = new ArrayList<>(line);
        line.clear();
        return left;
    }
}
