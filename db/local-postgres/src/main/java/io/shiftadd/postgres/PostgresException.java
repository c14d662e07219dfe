package io.shiftadd.postgres;

/** PostgreSQL could not be started, reached or stopped; the message says where, why and what helps. */
public final class PostgresException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PostgresException(String message) {
        super(message);
    }

    PostgresException(String message, Throwable cause) {
        super(message, cause);
    }
}
