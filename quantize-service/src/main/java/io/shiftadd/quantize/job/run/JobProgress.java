package io.shiftadd.quantize.job.run;

import io.shiftadd.quantize.job.lease.Events.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a job is, kept in memory by the thread that works and written to the database by {@link LeaseKeeper}, so that
 * the work never waits for the database to say how it goes. Thread-safe.
 */
public final class JobProgress {

    /** Under this share of the way, the time still needed is not worth telling. */
    private static final double ENOUGH_TO_EXTRAPOLATE = 0.01;

    /** @param etaSeconds absent until enough of the way is done */
    public record Snapshot(
            Stage stage,
            int block,
            int blocks,
            double progress,
            @Nullable Double etaSeconds) {}

    private final long startNanos;
    private final Course course;
    private final List<Event> pending = new ArrayList<>();
    private Stage stage = Stage.VALIDATE;
    private int block;
    private int blocks;
    private double done;
    private double progressAtStart = -1;
    private boolean changed = true;

    public JobProgress(long nowNanos, Course course) {
        startNanos = nowNanos;
        this.course = course;
    }

    /** Enters a stage; the watchers hear of it once. */
    public synchronized void enter(Stage next) {
        stage = next;
        done = 0;
        changed = true;
        pending.add(new Event("stage", Map.of("stage", next.column())));
    }

    /** Blocks finished so far, of how many. */
    public synchronized void blocks(int finished, int of) {
        block = finished;
        blocks = of;
        changed = true;
    }

    /** @param share of the present stage that is done, 0 to 1 */
    public synchronized void done(double share) {
        if (share != done) {
            done = share;
            changed = true;
        }
    }

    public synchronized void event(String type, Map<String, ?> data) {
        pending.add(new Event(type, data));
        changed = true;
    }

    public synchronized Snapshot snapshot(long nowNanos) {
        double progress = course.progress(stage, done);
        if (progressAtStart < 0 && stage.compareTo(Stage.VALIDATE) > 0) {
            progressAtStart = progress;
        }
        double gained = progress - Math.max(0, progressAtStart);
        Double eta = gained < ENOUGH_TO_EXTRAPOLATE ? null : (nowNanos - startNanos) / 1e9 * (1 - progress) / gained;
        return new Snapshot(stage, block, blocks, progress, eta);
    }

    /**
     * What has been reported since the last call; to be given back with {@link #restore} if it could not be written.
     */
    public synchronized List<Event> drain() {
        List<Event> events = List.copyOf(pending);
        pending.clear();
        changed = false;
        return events;
    }

    synchronized void restore(List<Event> events) {
        pending.addAll(0, events);
        changed = true;
    }

    synchronized boolean changed() {
        return changed;
    }
}
