package io.shiftadd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class WorkThreadsTest {

    private static final Runnable PATIENT = () -> {};

    @Test
    void worksOnThreadsOfItsOwn() {
        try (WorkThreads threads = new WorkThreads("test", 1, 1)) {
            assertThat(threads.run(() -> Thread.currentThread().getName(), PATIENT))
                    .isEqualTo("test");
        }
    }

    @Test
    void throwsWhatTheWorkThrows() {
        try (WorkThreads threads = new WorkThreads("test", 1, 1)) {
            assertThatThrownBy(() -> threads.run(
                            () -> {
                                throw new IllegalArgumentException("no");
                            },
                            PATIENT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no");
            assertThatThrownBy(() -> threads.run(
                            () -> {
                                throw new OutOfMemoryError("much");
                            },
                            PATIENT))
                    .isInstanceOf(OutOfMemoryError.class);
        }
    }

    @Test
    void interruptsWorkThatNobodyWaitsForAnyMore() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (WorkThreads threads = new WorkThreads("test", 1, 1)) {
            assertThatThrownBy(() -> threads.run(
                            () -> {
                                while (!Thread.currentThread().isInterrupted()) {
                                    LockSupport.parkNanos(1_000_000);
                                }
                                interrupted.countDown();
                                return null;
                            },
                            () -> {
                                throw new IllegalStateException("the client has gone");
                            }))
                    .hasMessage("the client has gone");
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void refusesWhatWouldWaitTooLong() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        try (WorkThreads threads = new WorkThreads("test", 1, 1)) {
            Runnable work = () -> threads.run(
                    () -> {
                        begun.countDown();
                        await(enough);
                        return null;
                    },
                    PATIENT);
            Thread first = Thread.startVirtualThread(work);
            begun.await();
            Thread second = Thread.startVirtualThread(work);
            while (threads.waiting() == 0) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThatThrownBy(() -> threads.run(() -> null, PATIENT)).isInstanceOf(WorkThreads.FullException.class);
            enough.countDown();
            first.join();
            second.join();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
