package io.shiftadd.inference.openai;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Notices that a client has gone while its answer is still being computed. Servlets cannot ask that; Tomcat can look at the
 * socket, which at the end of a request either is silent, has the next request, or is closed.
 */
final class ClientConnection {

    private static final String ATTRIBUTE = ClientConnection.class.getName();

    private final org.apache.coyote.Request request;

    private ClientConnection(org.apache.coyote.Request request) {
        this.request = request;
    }

    /** The connection of a request that has passed the {@link #valve()}. */
    static ClientConnection of(ServletRequest request) {
        Object connection = request.getAttribute(ATTRIBUTE);
        if (connection instanceof ClientConnection found) {
            return found;
        }
        throw new IllegalStateException("the valve that watches connections is not installed");
    }

    /** Puts the connection where {@link #of} finds it. */
    static Valve valve() {
        return new ValveBase(true) {
            @Override
            public void invoke(Request request, Response response) throws IOException, ServletException {
                request.setAttribute(ATTRIBUTE, new ClientConnection(request.getCoyoteRequest()));
                getNext().invoke(request, response);
            }
        };
    }

    /**
     * Whether the client has closed its side. Reads nothing but what a client sends ahead of its next request. Only from the
     * request's own thread, after its body has been read.
     */
    boolean isClosed() {
        // An end of the stream counts as one available byte that stays however often one asks; a next request is
        // longer.
        request.action(ActionCode.AVAILABLE, Boolean.TRUE);
        return request.getAvailable() == 1;
    }

    /** @throws ClientGoneException when the client has closed its side */
    void requireOpen() {
        if (isClosed()) {
            throw new ClientGoneException();
        }
    }
}
