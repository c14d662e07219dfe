package io.shiftadd.inference.openai.answer;

import io.shiftadd.http.ClientGoneException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Writes to a client and finds out that it has gone, or does not read. For one thread at a time. */
record ClientOutput(HttpServletResponse response) {

    /**
     * Writes all at once.
     *
     * @throws ClientGoneException when the client has gone, or has been given up as one that reads too slowly
     */
    void write(byte[] bytes) {
        try {
            response.getOutputStream().write(bytes);
            response.flushBuffer();
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }
}
