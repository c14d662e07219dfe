package io.shiftadd.motion.access;

import io.shiftadd.http.ContentCodingFilter;
import io.shiftadd.http.ContentTypeFilter;
import io.shiftadd.http.ForeignPageFilter;
import io.shiftadd.http.OwnNames;
import io.shiftadd.http.PageRules;
import io.shiftadd.http.Refusal;
import io.shiftadd.http.TidyPathFilter;
import io.shiftadd.http.access.Admission;
import io.shiftadd.http.access.RequestIdFilter;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.http.problem.ProblemWriter;
import io.shiftadd.motion.access.AccessSettings.ApiKeys;
import jakarta.servlet.Filter;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;

/** The order of what a request passes: its path, its id, its origin, CORS, its key, its body's envelope. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessSettings.class)
class AccessConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(AccessConfiguration.class);
    private static final int FIRST = Ordered.HIGHEST_PRECEDENCE + 5;
    private static final int FORBIDDEN = 403;
    private static final int TOO_LARGE = 413;
    private static final int UNSUPPORTED = 415;

    /** Bytes of a request's body: an instruction, or a description. */
    private static final long MOST_BYTES = 65_536;

    private static final Duration REGISTRY_CONNECT = Duration.ofSeconds(2);
    private static final Duration REGISTRY_ANSWER = Duration.ofSeconds(5);

    @Bean
    static FilterRegistrationBean<TidyPathFilter> tidyPaths() {
        return at(0, new TidyPathFilter());
    }

    @Bean
    static FilterRegistrationBean<RequestIdFilter> requestIds() {
        return at(1, new RequestIdFilter());
    }

    @Bean
    static FilterRegistrationBean<ForeignPageFilter> pages(
            AccessSettings settings, ServerProperties server, Environment environment, ProblemWriter problems) {
        OwnNames names = new OwnNames(Binder.get(environment)
                .bind(OwnNames.SETTING, Bindable.listOf(String.class))
                .orElse(List.of()));
        PageRules rules = new PageRules(
                !keysNeeded(settings, server.getAddress()),
                true,
                names,
                settings.corsOrigins(),
                "shiftadd.motion.access.cors-origins");
        return at(2, new ForeignPageFilter(rules, refusal(problems)));
    }

    @Bean
    static FilterRegistrationBean<CorsFilter> cors(AccessSettings settings) {
        CorsConfiguration allowed = new CorsConfiguration();
        allowed.setAllowedOrigins(settings.corsOrigins());
        allowed.setAllowedMethods(List.of(CorsConfiguration.ALL));
        allowed.setAllowedHeaders(List.of("*"));
        allowed.setExposedHeaders(List.of(RequestIdFilter.HEADER, "Location", "Retry-After"));
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration("/api/**", allowed);
        FilterRegistrationBean<CorsFilter> registration = at(3, new CorsFilter(source));
        registration.setEnabled(!settings.corsOrigins().isEmpty());
        return registration;
    }

    @Bean
    static FilterRegistrationBean<AccessFilter> access(
            AccessSettings settings,
            ServerProperties server,
            ProblemWriter problems,
            @Value("${shiftadd.registry-url}") String registryUrl,
            @Value("${shiftadd.registry-api-key:}") String registryKey) {
        FilterRegistrationBean<AccessFilter> registration =
                at(4, new AccessFilter(new Admission(registry(registryUrl, registryKey)), problems));
        registration.setEnabled(keysNeeded(settings, server.getAddress()));
        return registration;
    }

    @Bean
    static FilterRegistrationBean<ContentTypeFilter> contentTypes(ProblemWriter problems) {
        return at(5, new ContentTypeFilter(refusal(problems)));
    }

    @Bean
    static FilterRegistrationBean<ContentCodingFilter> contentCodings(ProblemWriter problems) {
        return at(6, new ContentCodingFilter(_ -> MOST_BYTES, refusal(problems)));
    }

    private static RestClient registry(String url, String key) {
        JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                .connectTimeout(REGISTRY_CONNECT)
                .version(HttpClient.Version.HTTP_1_1)
                .build());
        factory.setReadTimeout(REGISTRY_ANSWER);
        RestClient.Builder builder = RestClient.builder().baseUrl(url).requestFactory(factory);
        return key.isEmpty()
                ? builder.build()
                : builder.defaultHeader("Authorization", "Bearer " + key).build();
    }

    private static boolean keysNeeded(AccessSettings settings, @Nullable InetAddress address) {
        boolean loopback = address != null && address.isLoopbackAddress();
        if (settings.apiKeys() == ApiKeys.OFF && !loopback) {
            LOG.warn("Anybody who reaches {} may use this service: API keys are switched off", address);
        }
        return settings.apiKeys() == ApiKeys.REQUIRED || settings.apiKeys() == ApiKeys.AUTO && !loopback;
    }

    private static Refusal refusal(ProblemWriter problems) {
        return (request, response, status, message) -> {
            ProblemType type = switch (status) {
                case FORBIDDEN -> ProblemType.FORBIDDEN;
                case TOO_LARGE -> ProblemType.TOO_LARGE;
                case UNSUPPORTED -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
                default -> ProblemType.MALFORMED_REQUEST;
            };
            problems.write(request, response, type, message);
        };
    }

    private static <T extends Filter> FilterRegistrationBean<T> at(int place, T filter) {
        FilterRegistrationBean<T> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(FIRST + place);
        return registration;
    }
}
