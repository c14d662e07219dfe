package io.shiftadd.inference.openai.answer;

import io.shiftadd.http.ClientConnection;
import io.shiftadd.http.ClientGoneException;
import io.shiftadd.inference.generation.GenerationEvent;
import io.shiftadd.inference.generation.GenerationStream;
import io.shiftadd.inference.openai.error.ApiException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a stream of events to its end on the request's thread, and looks after the client meanwhile. */
public final class EventLoop {

    /** A client that has gone is noticed after this, whether or not events come. */
    private static final Duration LOOK = Duration.ofMillis(200);

    /** What is on its way to the client. */
    public interface Answer {

        /** No event came for a moment. */
        void keepAlive();

        /**
         * Writes something that means nothing.
         *
         * @throws ClientGoneException when the client did not take what was written before
         */
        void probe();
    }

    private final ClientConnection client;
    private final GenerationSpan span;

    EventLoop(ClientConnection client, GenerationSpan span) {
        this.client = client;
        this.span = span;
    }

    /**
     * @param choices whose ends are awaited
     * @param onEvent gets every event but failures
     * @param answer under way to the client
     * @throws ClientGoneException when the client has closed its connection
     * @throws RuntimeException the cause of a choice's failure
     */
    public void run(GenerationStream stream, int choices, Consumer<GenerationEvent> onEvent, Answer answer) {
        int open = choices;
        long looked = System.nanoTime();
        while (open > 0) {
            GenerationEvent event = next(stream);
            if (event instanceof GenerationEvent.Failed failed) {
                throw failed.cause();
            }
            if (event == null) {
                answer.keepAlive();
            } else {
                span.saw(event);
                onEvent.accept(event);
            }
            if (event instanceof GenerationEvent.Finished || event instanceof GenerationEvent.Embedded) {
                open--;
            }
            if (System.nanoTime() - looked > LOOK.toNanos()) {
                if (client.hasEnded()) {
                    answer.probe();
                }
                looked = System.nanoTime();
            }
        }
    }

    private static @Nullable GenerationEvent next(GenerationStream stream) {
        try {
            return stream.next(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.unavailable(
                    "shutting_down", Duration.ofSeconds(1), "The service is shutting down; send the request again");
        }
    }
}
