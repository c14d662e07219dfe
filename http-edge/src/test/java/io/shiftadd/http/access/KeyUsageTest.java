package io.shiftadd.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyUsageTest {

    private final AtomicLong clock = new AtomicLong();
    private final KeyUsage usage = new KeyUsage(clock::get);

    private static ApiKey key(@Nullable Integer perMinute, @Nullable Integer concurrent) {
        return new ApiKey("1", "test", Set.of("inference"), perMinute, concurrent);
    }

    @Test
    void allowsTheRateAndSaysWhenThereIsRoomAgain() {
        ApiKey key = key(6, null);
        for (int i = 0; i < 6; i++) {
            assertThat(usage.begin(key)).isNull();
        }
        KeyUsage.Refusal refusal = usage.begin(key);
        assertThat(refusal.code()).isEqualTo("rate_limit_exceeded");
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(10));
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(usage.begin(key)).isNull();
        assertThat(usage.begin(key)).isNotNull();
    }

    @Test
    void savesUpNoMoreThanAMinute() {
        ApiKey key = key(2, null);
        clock.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(usage.begin(key)).isNull();
        assertThat(usage.begin(key)).isNull();
        assertThat(usage.begin(key)).isNotNull();
    }

    @Test
    void countsRequestsUnderWay() {
        ApiKey key = key(null, 2);
        assertThat(usage.begin(key)).isNull();
        assertThat(usage.begin(key)).isNull();
        assertThat(usage.begin(key).code()).isEqualTo("concurrency_limit_exceeded");
        usage.end();
        assertThat(usage.begin(key)).isNull();
    }
}
