package io.shiftadd.inference.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** All engines together have what one had. */
class CacheMemoryTest {

    private static final Runnable NOBODY = () -> {};

    @Test
    void allEnginesTogetherNeverHaveMoreThanThereIs() {
        Random random = new Random(7);
        CacheMemory memory = new CacheMemory(1_000);
        List<CacheMemory.Account> accounts = List.of(memory.open(NOBODY), memory.open(NOBODY), memory.open(NOBODY));
        long[] kept = new long[3];
        List<List<Long>> taken = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < 20_000; i++) {
            int who = random.nextInt(3);
            CacheMemory.Account account = accounts.get(who);
            List<Long> own = taken.get(who);
            switch (random.nextInt(4)) {
                case 0 -> {
                    long more = 1 + random.nextInt(400);
                    if (account.take(more)) {
                        own.add(more);
                    }
                }
                case 1 -> {
                    if (!own.isEmpty()) {
                        account.give(own.removeLast());
                    }
                }
                case 2 -> {
                    kept[who] = Math.min(random.nextInt(500), account.roomToKeep());
                    account.keep(kept[who]);
                }
                default -> account.wantNothing();
            }
            long all = taken.stream()
                            .flatMap(List::stream)
                            .mapToLong(Long::longValue)
                            .sum()
                    + kept[0]
                    + kept[1]
                    + kept[2];
            assertThat(all).isLessThanOrEqualTo(1_000);
        }
    }

    @Test
    void whatIsOnlyKeptIsGivenBackToWhoeverNeedsIt() {
        CacheMemory memory = new CacheMemory(100);
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        CacheMemory.Account idle = memory.open(asked::incrementAndGet);
        CacheMemory.Account busy = memory.open(told::incrementAndGet);
        idle.keep(80);
        assertThat(busy.couldTake(50)).isTrue();
        assertThat(busy.take(50)).isFalse();
        assertThat(asked).hasValue(1);
        assertThat(idle.isAsked()).isTrue();
        assertThat(idle.isAsked()).isFalse();
        idle.keep(0);
        assertThat(told).hasPositiveValue();
        assertThat(busy.take(50)).isTrue();
    }

    @Test
    void anEngineThatHasNothingComesBeforeOneThatWantsMore() {
        CacheMemory memory = new CacheMemory(100);
        CacheMemory.Account large = memory.open(NOBODY);
        CacheMemory.Account small = memory.open(NOBODY);
        assertThat(large.take(60)).isTrue();
        assertThat(large.take(40)).isTrue();
        assertThat(small.take(50)).isFalse();
        large.give(40);
        assertThat(large.take(40)).isFalse();
        large.give(60);
        assertThat(small.take(50)).isTrue();
        assertThat(large.take(40)).isTrue();
    }

    @Test
    void anEngineThatEndsLeavesItsMemoryToTheOthers() {
        CacheMemory memory = new CacheMemory(100);
        CacheMemory.Account one = memory.open(NOBODY);
        CacheMemory.Account other = memory.open(NOBODY);
        one.take(90);
        one.close();
        assertThat(other.take(100)).isTrue();
    }
}
