package io.shiftadd.http.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.coyote.Processor;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * A connection that knows what it waits for, and how much has gone through it. Tomcat uses the object again for the
 * next one.
 */
final class WatchedChannel extends NioChannel {

    /** What a connection is doing; the first give way first when there are too many. */
    enum State {
        /** No byte of a request has come since the last answer. */
        IDLE,
        /** The headers of a request are not complete. */
        HEAD,
        /** A part of a body is waited for. */
        BODY,
        /** An answer waits to be read. */
        ANSWER,
        /** The service computes, or waits for something of its own. */
        BUSY
    }

    private static final long NOT_BUSY = -1;

    /** Tomcat's word for a request of which there is nothing yet. */
    private static final long NOT_BEGUN = -1;

    private volatile @Nullable NioSocketWrapper connection;
    private volatile @Nullable SocketChannel socket;
    private volatile @Nullable Object address;
    private volatile long busySince = NOT_BUSY;
    private volatile long since;
    /** In which state it was given up; null when it was not. */
    private volatile @Nullable State givenUp;

    /** Which connection this is, and which of its times at work. */
    private final AtomicLong turn = new AtomicLong();

    private final AtomicLong read = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private volatile Waiting waiting = Waiting.NONE;

    /**
     * How far a turn is behind with its client, as far as was seen.
     *
     * @param nanos that it has waited, less those that bytes have bought
     * @param bytes that had gone through at the last look
     */
    private record Waiting(long turn, State state, long nanos, long bytes) {
        private static final Waiting NONE = new Waiting(-1, State.BUSY, 0, 0);
    }

    WatchedChannel(SocketBufferHandler buffer) {
        super(buffer);
    }

    @Override
    public void reset(@Nullable SocketChannel channel, @Nullable NioSocketWrapper wrapper) throws IOException {
        turn.incrementAndGet();
        super.reset(channel, wrapper);
        busySince = NOT_BUSY;
        since = System.nanoTime();
        read.set(0);
        written.set(0);
        givenUp = null;
        address = channel == null ? null : address(channel);
        socket = channel;
        connection = wrapper;
    }

    /** Whose connections are counted together; null when it has been closed. */
    static @Nullable Object address(SocketChannel channel) throws IOException {
        if (!(channel.getRemoteAddress() instanceof InetSocketAddress remote)) {
            return null;
        }
        InetAddress address = remote.getAddress();
        byte[] bytes = address.getAddress();
        // Whoever has one address of IPv6 has the whole network.
        return bytes.length == 4 || address.isLoopbackAddress() ? address : ByteBuffer.wrap(bytes, 0, 8);
    }

    @Nullable
    Object address() {
        return address;
    }

    /** A thread takes the connection up. */
    long begin() {
        busySince = System.nanoTime();
        return turn.get();
    }

    /** @param begun what {@link #begin} has told; the object may be another connection's meanwhile */
    void end(long begun) {
        if (turn.compareAndSet(begun, begun + 1)) {
            since = System.nanoTime();
            busySince = NOT_BUSY;
        }
    }

    long turn() {
        return turn.get();
    }

    State state() {
        NioSocketWrapper wrapper = connection;
        if (wrapper == null) {
            return State.BUSY;
        }
        if (busySince != NOT_BUSY) {
            return waitingFor(wrapper);
        }
        if (!(wrapper.getCurrentProcessor() instanceof Processor processor)) {
            return State.IDLE;
        }
        // Kept while nobody is at it: in the middle of a head, or of something asynchronous.
        return processor.isAsync() || processor.isUpgrade() ? waitingFor(wrapper) : State.HEAD;
    }

    private static State waitingFor(NioSocketWrapper wrapper) {
        if (wrapper.interestOpsHas(SelectionKey.OP_WRITE)) {
            return State.ANSWER;
        }
        return wrapper.interestOpsHas(SelectionKey.OP_READ) ? State.BODY : State.BUSY;
    }

    /** Since when the connection does what it does: the first byte of a head, the last answer. */
    long since() {
        NioSocketWrapper wrapper = connection;
        if (wrapper != null && wrapper.getCurrentProcessor() instanceof Processor processor && busySince == NOT_BUSY) {
            long begun = processor.getRequest().getStartTimeNanos();
            return begun == NOT_BEGUN ? since : begun;
        }
        return busySince == NOT_BUSY ? since : busySince;
    }

    /**
     * Looks at the connection once more. Bytes that come at the pace wanted make up for waiting, but nothing is saved:
     * what the system's buffers take at once says nothing of the client.
     *
     * @param elapsed nanoseconds since the last look
     * @return nanoseconds that this turn is behind now
     */
    long behind(State state, long elapsed, long bytesPerSecond) {
        if (state != State.BODY && state != State.ANSWER) {
            return 0;
        }
        long bytes = state == State.BODY ? read.get() : written.get();
        long now = turn.get();
        Waiting last = waiting.turn == now && waiting.state == state ? waiting : new Waiting(now, state, 0, bytes);
        long bought = (long) ((bytes - last.bytes) * 1e9 / bytesPerSecond);
        waiting = new Waiting(now, state, Math.max(0, last.nanos + elapsed - bought), bytes);
        return waiting.nanos;
    }

    /** The same, as of the last look. */
    long behind() {
        Waiting seen = waiting;
        return seen.turn == turn.get() ? seen.nanos : 0;
    }

    /**
     * Ends the connection, or what waits in it, which then ends it.
     *
     * @param state in which it was found
     * @param found the turn in which it was in that state; nothing is done when it is over
     */
    void giveUp(State state, long found) throws IOException {
        NioSocketWrapper wrapper = connection;
        SocketChannel channel = socket;
        if (wrapper == null || channel == null || turn.get() != found) {
            return;
        }
        switch (state) {
            case IDLE, HEAD -> closeUnlessBusy(wrapper, found);
            case BODY -> {
                givenUp = state;
                // Wakes whoever waits, as the end of the stream would.
                channel.shutdownInput();
            }
            case ANSWER -> {
                givenUp = state;
                channel.shutdownOutput();
            }
            case BUSY -> {
                // It goes on.
            }
        }
    }

    private void closeUnlessBusy(NioSocketWrapper wrapper, long found) {
        ReentrantLock lock = wrapper.getLock();
        if (lock.tryLock()) {
            try {
                if (busySince == NOT_BUSY && turn.get() == found) {
                    wrapper.close();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        if (givenUp == State.BODY) {
            throw new SocketTimeoutException("the client sends too slowly");
        }
        int count = super.read(buffer);
        read.addAndGet(Math.max(0, count));
        return count;
    }

    @Override
    public int write(ByteBuffer buffer) throws IOException {
        if (givenUp == State.ANSWER) {
            throw new SocketTimeoutException("the client reads too slowly");
        }
        int count = super.write(buffer);
        written.addAndGet(Math.max(0, count));
        return count;
    }
}
