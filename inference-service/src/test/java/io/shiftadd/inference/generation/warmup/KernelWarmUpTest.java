package io.shiftadd.inference.generation.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.generation.EngineFixture;
import io.shiftadd.model.cache.KvCache;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A model that ran before it is served answers as it would have. */
class KernelWarmUpTest extends EngineFixture {

    private static final Duration LONGEST = Duration.ofSeconds(2);

    @Test
    void theFirstAnswerIsWhatItWouldHaveBeen() {
        int[] prompt = encode("Once upon a time");
        List<Integer> cold = tokens(drain(engine.generate(List.of(request(prompt, 1, 40, WARM, 3))), 1), 0);
        engine.close();
        assertThat(KernelWarmUp.run(model, KvCache.Precision.FLOAT32, turns, LONGEST, () -> false))
                .isPositive();
        engine = engine(settings(64, 64), 256 << 20);
        assertThat(tokens(drain(engine.generate(List.of(request(prompt, 1, 40, WARM, 3))), 1), 0))
                .isEqualTo(cold);
    }

    @Test
    void endsWhenItIsCancelled() {
        AtomicInteger asked = new AtomicInteger();
        KernelWarmUp.run(model, KvCache.Precision.INT8, turns, Duration.ofHours(1), () -> asked.incrementAndGet() > 3);
        assertThat(asked.get()).isBetween(4, 6);
    }

    @Test
    void aMadeUpModelHasTheKernelsOfAllKinds() {
        AtomicInteger asked = new AtomicInteger();
        KernelWarmUp.run(turns, KvCache.Precision.FLOAT16, () -> asked.incrementAndGet() > 12);
        assertThat(asked.get()).isGreaterThan(12);
    }
}
