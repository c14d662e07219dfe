package io.shiftadd.inference.limits;

import io.shiftadd.http.access.KeyPolicy;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may use the service, under {@code shiftadd.inference.access}.
 *
 * @param apiKeys whether requests need an API key
 * @param corsOrigins web origins whose pages may call the API; none by default
 */
@ConfigurationProperties("shiftadd.inference.access")
record AccessSettings(
        @DefaultValue("auto") KeyPolicy apiKeys,
        @DefaultValue List<String> corsOrigins) {}
