package io.shiftadd.http;

/** The client closed its connection: what it asked for is of no use any more. */
public final class ClientGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ClientGoneException() {
        super("the client has closed the connection");
    }

    public ClientGoneException(Throwable cause) {
        super("the client has closed the connection", cause);
    }
}
