package io.shiftadd.registry.access;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may use the registry, under {@code shiftadd.registry.access}.
 *
 * @param apiKeys whether requests need an API key
 * @param adminKey a key of scope admin that is valid as long as it is configured, to make the first others with
 * @param corsOrigins web origins whose pages may call the API; none by default
 */
@ConfigurationProperties("shiftadd.registry.access")
record AccessSettings(
        @DefaultValue("auto") Keys apiKeys,
        @DefaultValue("") String adminKey,
        @DefaultValue List<String> corsOrigins) {

    /** When a key is needed. */
    enum Keys {
        /** Unless the service is bound to a loopback address. */
        AUTO,
        /** Always; {@code on} means the same. */
        REQUIRED,
        ON,
        /** Never: something in front of the service decides. */
        OFF
    }

    /** @param address that the service listens on; null for all */
    boolean needsKeys(@Nullable InetAddress address) {
        return switch (apiKeys) {
            case AUTO -> address == null || !address.isLoopbackAddress();
            case REQUIRED, ON -> true;
            case OFF -> false;
        };
    }
}
