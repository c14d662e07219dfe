package io.shiftadd.http.connection;

import org.apache.coyote.http11.Http11NioProtocol;

/** HTTP/1.1 over connections that are watched. Made by Tomcat, by name. */
public final class WatchedProtocol extends Http11NioProtocol {

    /** Connections that the system has taken on while the last one was being judged. */
    private static final int SPARE = 64;

    private final WatchedEndpoint endpoint;

    public WatchedProtocol() {
        this(new WatchedEndpoint());
    }

    private WatchedProtocol(WatchedEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    void limit(ConnectionLimits limits) {
        // Tomcat would let everybody wait; the watch finds who has to go.
        setMaxConnections(limits.most() + SPARE);
        endpoint.limit(limits);
    }
}
