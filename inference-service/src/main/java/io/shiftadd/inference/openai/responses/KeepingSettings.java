package io.shiftadd.inference.openai.responses;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is kept of responses, under {@code shiftadd.responses}; the registry, which keeps them, reads the same settings.
 *
 * @param keepFor zero = none is kept
 * @param maxSize of one response with what it answers
 */
@ConfigurationProperties("shiftadd.responses")
record KeepingSettings(
        @DefaultValue("0s") Duration keepFor,
        @DefaultValue("1MB") DataSize maxSize) {

    boolean on() {
        return keepFor.isPositive();
    }
}
