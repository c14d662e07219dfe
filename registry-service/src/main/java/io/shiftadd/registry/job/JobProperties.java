package io.shiftadd.registry.job;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param maxAttempts how often a job is tried before it fails for good
 * @param keepAlive how often a stream without events gets a comment
 */
@ConfigurationProperties("shiftadd.jobs")
record JobProperties(
        @DefaultValue("3") int maxAttempts,
        @DefaultValue("10s") Duration keepAlive) {}
