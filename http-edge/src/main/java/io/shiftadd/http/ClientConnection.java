package io.shiftadd.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.ContinueResponseTiming;

/**
 * Notices that a client may have gone while its answer is still being computed. Servlets cannot ask that; Tomcat can
 * look at the socket, which at the end of a request either is silent, has the next request, or is ended. Whether
 * somebody still listens at the other end of one that is ended, only writing to it can tell.
 */
public final class ClientConnection {

    private static final String ATTRIBUTE = ClientConnection.class.getName();

    private final org.apache.coyote.Request request;
    private boolean asked;

    private ClientConnection(org.apache.coyote.Request request) {
        this.request = request;
    }

    /** The connection of a request that has passed the {@link #valve()}. */
    public static ClientConnection of(ServletRequest request) {
        Object connection = request.getAttribute(ATTRIBUTE);
        if (connection instanceof ClientConnection found) {
            return found;
        }
        throw new IllegalStateException("the valve that watches connections is not installed");
    }

    /** Puts the connection where {@link #of} finds it. */
    public static Valve valve() {
        return new ValveBase(true) {
            @Override
            public void invoke(Request request, Response response) throws IOException, ServletException {
                request.setAttribute(ATTRIBUTE, new ClientConnection(request.getCoyoteRequest()));
                getNext().invoke(request, response);
            }
        };
    }

    /**
     * Whether the client sends nothing more: it has closed the connection, or its sending half alone and waits for the
     * answer. Reads nothing but what a client sends ahead of its next request. Only from the request's own thread,
     * after its body has been read.
     */
    public boolean hasEnded() {
        // The end of the stream counts as one available byte, which is nowhere in the buffer.
        request.action(ActionCode.AVAILABLE, Boolean.TRUE);
        if (request.getAvailable() != 1) {
            return false;
        }
        request.action(ActionCode.AVAILABLE, Boolean.FALSE);
        return request.getAvailable() == 0;
    }

    /**
     * Finds out whether anybody waits for an answer that has not begun. A client that sends nothing more is sent an
     * interim answer, 100, which all clients pass over; if there is none, the network says so before the next look. As
     * {@link #hasEnded}, only from the request's own thread, after its body has been read.
     *
     * @throws ClientGoneException when there is nobody
     */
    public void requireListener() {
        if (!hasEnded()) {
            return;
        }
        AtomicBoolean reachable = new AtomicBoolean();
        request.action(ActionCode.IS_IO_ALLOWED, reachable);
        if (!reachable.get()) {
            throw new ClientGoneException();
        }
        if (!asked && "HTTP/1.1".equals(request.protocol().toString())) {
            asked = true;
            request.setExpectation(true);
            request.action(ActionCode.ACK, ContinueResponseTiming.ALWAYS);
            request.setExpectation(false);
        }
    }

    /** Closes the connection without an answer. */
    public void abandon() {
        request.action(ActionCode.CLOSE_NOW, null);
    }
}
