package io.shiftadd.http.connection;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.apache.catalina.connector.Connector;
import org.springframework.core.env.Environment;

/**
 * What connections may take.
 *
 * @param most of all addresses together
 * @param perAddress of one address; of IPv6 a network of 64 bits counts as one
 * @param head from a request's first byte until its headers are complete
 * @param body that a request's body may be behind
 * @param answer that the reader of an answer may be behind
 * @param bytesPerSecond that make up for a second's waiting
 * @param look from one look at all connections to the next
 */
public record ConnectionLimits(
        int most, int perAddress, Duration head, Duration body, Duration answer, long bytesPerSecond, Duration look) {

    /** What Tomcat is told to speak: the name of a class, which it makes itself. */
    public static final String PROTOCOL = WatchedProtocol.class.getName();

    private static final String SETTINGS = "shiftadd.connections.";
    private static final int MOST = 8_192;

    public ConnectionLimits {
        if (perAddress < 1 || most < perAddress) {
            throw new IllegalArgumentException(SETTINGS + "most is " + most + " and per-address is " + perAddress
                    + "; allowed: per-address from 1 to what most is");
        }
    }

    /**
     * As set by {@code shiftadd.connections.most} and {@code .per-address}. By default as many as half of the files
     * that the process may open, but no more than 8192, and half of these for one address.
     */
    public static ConnectionLimits of(Environment environment) {
        int most = environment.getProperty(SETTINGS + "most", Integer.class, Math.min(MOST, openFiles() / 2));
        int perAddress = environment.getProperty(SETTINGS + "per-address", Integer.class, Math.max(1, most / 2));
        return new ConnectionLimits(
                most,
                perAddress,
                Duration.ofSeconds(20),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                8 << 10,
                Duration.ofSeconds(1));
    }

    /** For a connector that speaks {@link #PROTOCOL}. */
    public void apply(Connector connector) {
        if (!(connector.getProtocolHandler() instanceof WatchedProtocol protocol)) {
            throw new IllegalStateException("the connector speaks " + connector.getProtocolHandlerClassName());
        }
        protocol.limit(this);
    }

    private static int openFiles() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.UnixOperatingSystemMXBean system
                ? (int) Math.clamp(system.getMaxFileDescriptorCount(), 64, Integer.MAX_VALUE)
                : Integer.MAX_VALUE;
    }
}
