package io.shiftadd.motion.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What followers are told: of frames the newest, never a queue of them, so that a slow reader sees the robot as it is;
 * and every turn in order. Thread-safe.
 */
public final class Feed {

    private static final int MOST_TURNS = 1_000;

    private final List<Turn> turns = new ArrayList<>();
    private @Nullable Frame newest;
    private @Nullable String ended;

    /**
     * What a follower has not seen yet.
     *
     * @param frame the newest, when there is a newer one
     * @param ended why the session has ended; null while it has not
     */
    public record News(
            @Nullable Frame frame,
            List<Turn> turns,
            @Nullable String ended) {

        public boolean isEmpty() {
            return frame == null && turns.isEmpty() && ended == null;
        }
    }

    synchronized void publish(Frame frame) {
        newest = frame;
        notifyAll();
    }

    /** @return false when no more turns are taken */
    synchronized boolean hasRoom() {
        return turns.size() < MOST_TURNS;
    }

    synchronized void publish(Turn turn) {
        turns.add(turn);
        notifyAll();
    }

    synchronized void end(String reason) {
        if (ended == null) {
            ended = reason;
        }
        notifyAll();
    }

    public synchronized List<Turn> turns() {
        return List.copyOf(turns);
    }

    public synchronized @Nullable Frame newest() {
        return newest;
    }

    public synchronized @Nullable String ended() {
        return ended;
    }

    /**
     * Waits for something new.
     *
     * @param frame number of the last frame seen, 0 for none
     * @param turn number of turns seen
     */
    public synchronized News await(long frame, int turn, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            News news = news(frame, turn);
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (!news.isEmpty() || left <= 0) {
                return news;
            }
            wait(left);
        }
    }

    private News news(long frame, int turn) {
        Frame newer = newest != null && newest.number() > frame ? newest : null;
        List<Turn> said = turn < turns.size() ? List.copyOf(turns.subList(turn, turns.size())) : List.of();
        return new News(newer, said, ended);
    }
}
