package io.shiftadd.motion.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last minutes of a session, a frame each; the oldest go first. Thread-safe. */
public final class Recording {

    /** Ten minutes of 25 frames a second. */
    static final int MOST_FRAMES = 15_000;

    private final int most;
    private final Deque<Frame> frames = new ArrayDeque<>();
    private long forgotten;

    Recording() {
        this(MOST_FRAMES);
    }

    Recording(int most) {
        this.most = most;
    }

    synchronized void add(Frame frame) {
        if (frames.size() == most) {
            frames.removeFirst();
            forgotten++;
        }
        frames.add(frame);
    }

    public synchronized List<Frame> frames() {
        return new ArrayList<>(frames);
    }

    /** Frames that were before the first one that is kept. */
    public synchronized long forgotten() {
        return forgotten;
    }
}
