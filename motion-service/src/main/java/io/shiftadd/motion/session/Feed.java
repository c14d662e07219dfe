package io.shiftadd.motion.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What followers are told: of frames the newest, never a queue of them, so that a slow reader sees the robot as it is;
 * and every turn in order, of those before the last {@value #MOST_TURNS}. Thread-safe.
 */
public final class Feed {

    /** Turns that are kept; the oldest go first. */
    static final int MOST_TURNS = 1_000;

    private final Deque<Turn> turns = new ArrayDeque<>();
    private int published;
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

    synchronized void publish(Turn turn) {
        if (turns.size() == MOST_TURNS) {
            turns.removeFirst();
        }
        turns.add(turn);
        published++;
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

    /** Turns there have been, forgotten ones among them. */
    synchronized int published() {
        return published;
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
     * @param turn number of the last turn seen, 0 for none
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
        List<Turn> said = turns.stream().filter(one -> one.number() > turn).toList();
        return new News(newer, said, ended);
    }
}
