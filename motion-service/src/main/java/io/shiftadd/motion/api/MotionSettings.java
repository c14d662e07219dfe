package io.shiftadd.motion.api;

import io.shiftadd.motion.instruction.LanguageModelSettings;
import io.shiftadd.motion.planner.PlannerSettings;
import io.shiftadd.motion.session.SessionSettings;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What may be configured under {@code shiftadd.motion}.
 *
 * @param library name or path of MuJoCo's library; empty to look for one
 * @param sessions at a time; 0 = as many as there are processors
 * @param idle after which a session that nobody follows or talks to ends
 * @param samples of a plan
 * @param threads of a plan; 0 = as many as there are processors
 */
@ConfigurationProperties("shiftadd.motion")
record MotionSettings(
        @Nullable String library,
        @DefaultValue("0") int sessions,
        @DefaultValue("2m") Duration idle,
        @DefaultValue("32") int samples,
        @DefaultValue("0") int threads,
        @DefaultValue LanguageModel languageModel) {

    /** See {@link LanguageModelSettings}. */
    record LanguageModel(
            @DefaultValue("http://127.0.0.1:8082/v1") URI baseUrl,
            @DefaultValue("") String apiKey,
            @DefaultValue("motion-mini") String name,
            @DefaultValue("auto") LanguageModelSettings.Prompt prompt,
            @DefaultValue("1") int history,
            @DefaultValue("60s") Duration timeout) {}

    SessionSettings sessionSettings() {
        return new SessionSettings(orProcessors(sessions), idle, new PlannerSettings(samples, orProcessors(threads)));
    }

    LanguageModelSettings languageModelSettings() {
        return new LanguageModelSettings(
                languageModel.baseUrl(),
                languageModel.apiKey(),
                languageModel.name(),
                languageModel.prompt(),
                languageModel.history(),
                languageModel.timeout());
    }

    private static int orProcessors(int count) {
        return count > 0 ? count : Runtime.getRuntime().availableProcessors();
    }
}
