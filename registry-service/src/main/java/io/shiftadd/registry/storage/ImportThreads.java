package io.shiftadd.registry.storage;

import io.shiftadd.http.ClientConnection;
import io.shiftadd.http.WorkThreads;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Where files that requests name are read and hashed, which may be terabytes: on a few threads of their own, and
 * only as
 * long as somebody waits for it.
 */
@Component
public final class ImportThreads implements AutoCloseable {

    private static final int THREADS = 2;
    private static final int WAITING = 64;

    private final WorkThreads threads = new WorkThreads("imports", THREADS, WAITING);

    /**
     * @throws io.shiftadd.http.ClientGoneException when the client has closed its connection
     * @throws WorkThreads.FullException when too much waits
     */
    public <T> T run(HttpServletRequest request, Supplier<T> work) {
        return threads.run(work, ClientConnection.of(request)::requireListener);
    }

    @Override
    public void close() {
        threads.close();
    }
}
