package io.shiftadd.motion.session;

/** How much of something there was a second, over the last second or so. Thread-safe. */
final class Meter {

    private static final long WINDOW_NANOS = 1_000_000_000;

    private long since = System.nanoTime();
    private double sum;
    private double rate;

    synchronized void add(double amount) {
        roll();
        sum += amount;
    }

    synchronized double perSecond() {
        roll();
        return rate;
    }

    private void roll() {
        long passed = System.nanoTime() - since;
        if (passed >= WINDOW_NANOS) {
            rate = sum * 1e9 / passed;
            sum = 0;
            since += passed;
        }
    }
}
