package io.shiftadd.http.access;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When a service asks for API keys: the values of its setting {@code api-keys}. */
public enum KeyPolicy {
    /** Unless the service is bound to a loopback address. */
    AUTO,
    /** Always; {@code on} means the same. */
    REQUIRED,
    ON,
    /** Never: something in front of the service decides. */
    OFF;

    private static final Logger LOG = LoggerFactory.getLogger(KeyPolicy.class);

    /**
     * Whether keys are asked for; the log warns where they are not and others than this machine may call.
     *
     * @param address that the service listens on; null for all
     */
    public boolean asks(@Nullable InetAddress address) {
        boolean loopback = address != null && address.isLoopbackAddress();
        if (this == OFF && !loopback) {
            LOG.warn("Anybody who reaches {} may use this service: API keys are switched off", address);
        }
        return switch (this) {
            case AUTO -> !loopback;
            case REQUIRED, ON -> true;
            case OFF -> false;
        };
    }
}
