package io.shiftadd.motion.session;

import io.shiftadd.motion.description.Description;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was said to a session and understood: what a correction refers to. Thread-safe; turns come one at a time. */
public final class Chatter {

    private final Feed feed;
    private final Deque<Said> understood = new ArrayDeque<>();

    Chatter(Feed feed) {
        this.feed = feed;
    }

    /** Words and what they meant. */
    public record Said(String text, Description meaning) {}

    public synchronized List<Said> understood() {
        return List.copyOf(understood);
    }

    synchronized void add(@Nullable String text, @Nullable Description meaning) {
        if (text != null && meaning != null) {
            if (understood.size() == Feed.MOST_TURNS) {
                understood.removeFirst();
            }
            understood.add(new Said(text, meaning));
        }
    }

    /** Number of the turn that would be next. */
    int next() {
        return feed.published() + 1;
    }
}
