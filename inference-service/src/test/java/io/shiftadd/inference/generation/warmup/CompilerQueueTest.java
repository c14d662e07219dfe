package io.shiftadd.inference.generation.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CompilerQueueTest {

    private static final String IDLE = """
            Current compiles:

            C1 compile queue:
            Empty

            C2 compile queue:
            Empty
            """;

    @Test
    void headingsAloneAreRest() {
        assertThat(CompilerQueue.isIdle(IDLE)).isTrue();
    }

    @Test
    void aMethodUnderAnyHeadingIsWork() {
        String method = "C2 CompilerThread0 4711       4       io.shiftadd.kernel.loops.Loops::add (200 bytes)\n";
        for (String heading : new String[] {"Current compiles:\n", "C1 compile queue:\n", "C2 compile queue:\n"}) {
            assertThat(CompilerQueue.isIdle(IDLE.replace(heading, heading + method)))
                    .isFalse();
        }
    }

    @Test
    void thisJvmTells() {
        CompilerQueue queue = new CompilerQueue();
        org.awaitility.Awaitility.await().until(queue::isIdle);
    }
}
