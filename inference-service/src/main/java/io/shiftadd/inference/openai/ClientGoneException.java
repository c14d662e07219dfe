package io.shiftadd.inference.openai;

/** The client closed its connection: what it asked for is of no use any more. */
final class ClientGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClientGoneException() {
        super("the client has closed the connection");
    }

    ClientGoneException(Throwable cause) {
        super("the client has closed the connection", cause);
    }
}
