package io.shiftadd.inference.openai.request;

import io.shiftadd.inference.loading.HeapShares;
import io.shiftadd.inference.openai.error.ApiException;
import jakarta.servlet.ServletRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * The memory that all requests under way may take together: their bodies, what is made of them, answers that are not
 * read yet. A request that does not fit beside the others is told to come back. Thread-safe.
 */
@Component
public final class RequestMemory {

    private static final String ATTRIBUTE = RequestMemory.class.getName();

    /** A body, and its texts as they are read from it, of one or two bytes a character. */
    private static final int BODY_COPIES = 4;

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    RequestMemory(HeapShares shares) {
        this.most = shares.requestBytes();
    }

    /** What one request has taken; given back when it ends. For the request's own thread, or one that works for it. */
    public final class Account {
        private long bytes;
        private long bodyBytes;

        /**
         * Takes memory for a body, or a part of it, that is about to be read.
         *
         * @throws ApiException 413 when there is never so much, 503 when there is not now
         */
        public void takeBody(long more) {
            take(more * BODY_COPIES);
            bodyBytes += more;
        }

        /**
         * Takes memory until the request ends.
         *
         * @throws ApiException 413 when there is never so much, 503 when there is not now
         */
        public void take(long more) {
            RequestMemory.this.take(more, bytes);
            bytes += more;
        }

        long bodyBytes() {
            return bodyBytes;
        }
    }

    /** The account of a request. */
    public Account of(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Account account) {
            return account;
        }
        throw new IllegalStateException("the filter that keeps account of memory is not installed");
    }

    void open(ServletRequest request) {
        request.setAttribute(ATTRIBUTE, new Account());
    }

    void close(ServletRequest request) {
        taken.addAndGet(-of(request).bytes);
    }

    /** Does something that takes so much memory only while it is done. */
    <T> T during(long bytes, Supplier<T> work) {
        take(bytes, 0);
        try {
            return work.get();
        } finally {
            taken.addAndGet(-bytes);
        }
    }

    /** What requests have taken now. */
    long taken() {
        return taken.get();
    }

    /** @param own what the same request has taken before */
    private void take(long bytes, long own) {
        if (own + bytes > most) {
            throw ApiException.of(
                    HttpStatus.CONTENT_TOO_LARGE,
                    null,
                    "request_too_large",
                    "This request would take " + (own + bytes) + " bytes of memory, and all requests together may take "
                            + most + ". Send a shorter one, or give the service more heap");
        }
        long before = taken.getAndAdd(bytes);
        if (before + bytes > most) {
            taken.addAndGet(-bytes);
            throw ApiException.unavailable(
                    "memory_busy",
                    Duration.ofSeconds(1),
                    "Requests under way take " + before + " of the " + most
                            + " bytes of memory that they may take together, and this one would take " + bytes
                            + "; send it again");
        }
    }
}
