package io.shiftadd.registry.access;

import io.shiftadd.http.access.KeyPolicy;
import java.util.List;
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
        @DefaultValue("auto") KeyPolicy apiKeys,
        @DefaultValue("") String adminKey,
        @DefaultValue List<String> corsOrigins) {}
