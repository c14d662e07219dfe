package io.shiftadd.motion.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.motion.task.Tasks;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeedTest {

    private final Feed feed = new Feed();

    @Test
    void aSlowReaderGetsTheNewestFrameAndEveryTurn() throws InterruptedException {
        for (int i = 1; i <= 100; i++) {
            feed.publish(frame(i));
        }
        feed.publish(turn(1));
        feed.publish(turn(2));
        Feed.News news = feed.await(3, 0, Duration.ZERO);
        assertThat(news.frame()).isNotNull();
        assertThat(news.frame().number()).isEqualTo(100);
        assertThat(news.turns()).extracting(Turn::number).containsExactly(1, 2);
        assertThat(feed.await(100, 2, Duration.ofMillis(1)).isEmpty()).isTrue();
    }

    @Test
    void forgetsTheOldestTurnsAndTellsEachOfTheOthersOnce() throws InterruptedException {
        Chatter chatter = new Chatter(feed);
        for (int i = 1; i <= 1_500; i++) {
            assertThat(chatter.next()).isEqualTo(i);
            feed.publish(turn(i));
            chatter.add("text", Tasks.named("sunrise").description());
        }
        assertThat(feed.turns()).hasSize(1_000).first().extracting(Turn::number).isEqualTo(501);
        assertThat(chatter.understood()).hasSize(1_000);
        assertThat(feed.await(0, 0, Duration.ZERO).turns()).hasSize(1_000);
        assertThat(feed.await(0, 1_498, Duration.ZERO).turns())
                .extracting(Turn::number)
                .containsExactly(1_499, 1_500);
        assertThat(feed.await(0, 1_500, Duration.ZERO).isEmpty()).isTrue();
    }

    @Test
    void tellsTheFirstReasonOfTheEnd() throws InterruptedException {
        feed.end("unstable");
        feed.end("closed");
        assertThat(feed.await(0, 0, Duration.ofSeconds(1)).ended()).isEqualTo("unstable");
    }

    @Test
    void aRecordingForgetsTheOldest() {
        Recording recording = new Recording(3);
        for (int i = 1; i <= 5; i++) {
            recording.add(frame(i));
        }
        assertThat(recording.frames()).extracting(Frame::number).containsExactly(3L, 4L, 5L);
        assertThat(recording.forgotten()).isEqualTo(2);
    }

    @Test
    void takesFewerSamplesWhenPlansAreSlowAndMoreWhenThereIsTime() {
        Pace pace = new Pace(32);
        for (int i = 0; i < 50; i++) {
            pace.took(60);
        }
        int slow = pace.samples();
        assertThat(slow).isEqualTo(16);
        for (int i = 0; i < 200; i++) {
            pace.took(5);
        }
        assertThat(pace.samples()).isEqualTo(32);
    }

    private static Frame frame(long number) {
        return new Frame(number, number, new double[0], new double[0], Map.of(), 0, 0, 32, 1, 100, false, 0);
    }

    private static Turn turn(int number) {
        return new Turn(number, 0, "text", true, null, null, null, 1);
    }
}
