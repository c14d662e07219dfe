package io.shiftadd.registry.response;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is kept of responses, under {@code shiftadd.responses}; the inference-service reads the same settings.
 *
 * @param keepFor after which a response is forgotten; zero = none is kept
 * @param maxSize of one response with what it answers
 * @param maxSizePerKey of all responses of one key together; beyond it the oldest go
 */
@ConfigurationProperties("shiftadd.responses")
record ResponseProperties(
        @DefaultValue("0s") Duration keepFor,
        @DefaultValue("1MB") DataSize maxSize,
        @DefaultValue("64MB") DataSize maxSizePerKey) {}
