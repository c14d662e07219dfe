package io.shiftadd.quantize.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.quantize.job.lease.Events.Event;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobProgressTest {

    private static final long SECOND = 1_000_000_000L;

    private final JobProgress progress = new JobProgress(0, Course.REPARAMETERIZATION);

    @ParameterizedTest
    @EnumSource
    void neverFallsFromStageToStage(Course course) {
        JobProgress progress = new JobProgress(0, course);
        double last = -1;
        for (Stage stage : Stage.values()) {
            progress.enter(stage);
            for (double done = 0; done <= 1; done += 0.25) {
                progress.done(done);
                double now = progress.snapshot(SECOND).progress();
                assertThat(now).isGreaterThanOrEqualTo(last);
                last = now;
            }
        }
        assertThat(last).isEqualTo(1);
    }

    @Test
    void extrapolatesTheTimeFromWhatThisRunHasDone() {
        progress.enter(Stage.REPARAMETERIZE);
        assertThat(progress.snapshot(0).etaSeconds()).isNull();
        progress.done(0.5);
        double share = Course.REPARAMETERIZATION.progress(Stage.REPARAMETERIZE, 0.5);
        double gained = share - Course.REPARAMETERIZATION.progress(Stage.REPARAMETERIZE, 0);
        assertThat(progress.snapshot(10 * SECOND).etaSeconds()).isCloseTo(10 * (1 - share) / gained, within(1e-9));
    }

    @Test
    void keepsEventsThatCouldNotBeWrittenBeforeThoseThatCameAfter() {
        progress.event("warning", Map.of("n", 1));
        List<Event> unwritten = progress.drain();
        assertThat(progress.changed()).isFalse();
        progress.event("warning", Map.of("n", 2));
        progress.restore(unwritten);
        assertThat(progress.drain()).extracting(event -> event.data().get("n")).isEqualTo(List.of(1, 2));
    }
}
