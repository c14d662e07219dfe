package io.shiftadd.inference.openai.request;

import io.shiftadd.http.ClientConnection;
import io.shiftadd.http.WorkThreads;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * What a request needs before its model computes: templates, tokens, schemas. It is done on threads of its own, few for
 * what may take long, so that whoever asks for little, or only whether the service is well, does not wait. It ends when
 * the client has gone.
 */
@Component
public final class Preparation implements AutoCloseable {

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final int WAITING = 1_024;
    private static final long SMALL_BYTES = 32 << 10;

    /** What tokenizing takes for each byte of a body: pieces, symbols, their merges, ids, an answer. */
    private static final long BYTES_PER_BYTE = 48;

    /** Of these some may wait for a schema, which is compiled elsewhere. */
    private final WorkThreads small = new WorkThreads("small-requests", 2 * PROCESSORS, WAITING);

    private final WorkThreads large = new WorkThreads("large-requests", Math.max(2, PROCESSORS / 2), WAITING);
    private final RequestMemory memory;

    Preparation(RequestMemory memory) {
        this.memory = memory;
    }

    /**
     * Has it done, be it short or long as the request's body is.
     *
     * @throws io.shiftadd.http.ClientGoneException when the client has closed its connection
     * @throws WorkThreads.FullException when too much waits
     * @throws io.shiftadd.inference.openai.error.ApiException when there is no memory for it, or what the work throws
     */
    public <T> T of(HttpServletRequest request, Supplier<T> work) {
        long bytes = memory.of(request).bodyBytes();
        if (bytes <= SMALL_BYTES) {
            return run(small, request, work);
        }
        return run(large, request, () -> memory.during(bytes * BYTES_PER_BYTE, work));
    }

    private static <T> T run(WorkThreads threads, HttpServletRequest request, Supplier<T> work) {
        return threads.run(work, ClientConnection.of(request)::requireListener);
    }

    @Override
    public void close() {
        small.close();
        large.close();
    }
}
