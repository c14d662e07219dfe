package io.shiftadd.registry.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;

/**
 * The body of an answer, which ends with an error when less than a given rate comes: who drips must not hold a thread.
 */
final class SteadyStream extends InputStream {

    private final InputStream in;
    private final URI source;
    private final long leastBytes;
    private final Duration period;
    private final Thread watch;
    private volatile long received;
    private volatile boolean stalled;

    /** @param leastBytes that have to come in each period */
    SteadyStream(InputStream in, URI source, long leastBytes, Duration period) {
        this.in = in;
        this.source = source;
        this.leastBytes = leastBytes;
        this.period = period;
        this.watch = Thread.ofVirtual().name("hub-pace").start(this::watch);
    }

    private void watch() {
        try {
            for (long before = 0; ; before = received) {
                Thread.sleep(period);
                if (received - before < leastBytes) {
                    stalled = true;
                    in.close();
                    return;
                }
            }
        } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread reads, the other one looks at the count
    public int read(byte[] target, int offset, int length) throws IOException {
        int count;
        try {
            count = in.read(target, offset, length);
        } catch (IOException e) {
            throw stalled
                    ? new IOException(
                            source + " sent less than " + leastBytes + " bytes in " + period.toSeconds() + " s")
                    : new IOException(source + " broke off at byte " + received + " of its answer", e);
        }
        if (count > 0) {
            received += count;
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        in.close();
    }
}
