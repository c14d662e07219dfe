package io.shiftadd.registry.dashboard;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param inferenceUrl where the playground sends prompts
 * @param inferenceApiKey the key it sends them with; none when empty
 * @param publicInferenceUrl address of the inference-service in snippets; the one above when empty
 * @param playgroundTimeout how long a model may take until its answer begins
 */
@ConfigurationProperties("shiftadd.dashboard")
record DashboardProperties(
        URI inferenceUrl,
        @DefaultValue("") String inferenceApiKey,
        @DefaultValue("") String publicInferenceUrl,
        @DefaultValue("2m") Duration playgroundTimeout) {

    String snippetUrl() {
        return publicInferenceUrl.isBlank() ? inferenceUrl.toString() : publicInferenceUrl;
    }
}
