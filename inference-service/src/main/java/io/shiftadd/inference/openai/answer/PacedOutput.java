package io.shiftadd.inference.openai.answer;

import io.shiftadd.http.ClientGoneException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * Writes to a client that has to read at some pace: whoever takes a byte now and then would hold an answer's memory for
 * as long as it likes. For one thread at a time.
 */
final class PacedOutput {

    private static final int CHUNK = 64 << 10;

    /** Writing may be held up so long, and longer in proportion to what was taken. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long BYTES_PER_SECOND = 8 << 10;

    private final HttpServletResponse response;
    private long heldUpNanos;
    private long taken;

    PacedOutput(HttpServletResponse response) {
        this.response = response;
    }

    /**
     * Writes all at once, as far as the client takes it.
     *
     * @throws ClientGoneException when it has gone, or reads too slowly
     */
    void write(byte[] bytes) {
        try {
            OutputStream out = response.getOutputStream();
            for (int from = 0; from < bytes.length; from += CHUNK) {
                int count = Math.min(CHUNK, bytes.length - from);
                long begun = System.nanoTime();
                out.write(bytes, from, count);
                response.flushBuffer();
                heldUpNanos += System.nanoTime() - begun;
                taken += count;
                Duration allowed = PATIENCE.plusSeconds(taken / BYTES_PER_SECOND);
                if (heldUpNanos > allowed.toNanos()) {
                    throw new IOException("the client reads too slowly");
                }
            }
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }
}
