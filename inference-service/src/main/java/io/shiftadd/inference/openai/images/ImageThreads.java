package io.shiftadd.inference.openai.images;

import io.shiftadd.http.ClientConnection;
import io.shiftadd.http.WorkThreads;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Where images are decoded and classified: on a few threads of their own, and only as long as somebody waits for it. A
 * decoded image of the largest size takes some hundred megabytes until it is resized.
 */
@Component
final class ImageThreads implements AutoCloseable {

    private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
    private static final int WAITING = 1_024;

    private final WorkThreads threads = new WorkThreads("images", THREADS, WAITING);

    /**
     * @throws io.shiftadd.http.ClientGoneException when the client has closed its connection
     * @throws WorkThreads.FullException when too much waits
     */
    <T> T run(HttpServletRequest request, Supplier<T> work) {
        return threads.run(work, ClientConnection.of(request)::requireListener);
    }

    @Override
    public void close() {
        threads.close();
    }
}
