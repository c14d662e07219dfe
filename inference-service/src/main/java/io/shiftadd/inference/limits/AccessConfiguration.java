package io.shiftadd.inference.limits;

import io.shiftadd.http.EdgeSecurity;
import io.shiftadd.http.OwnNames;
import io.shiftadd.http.PageRules;
import io.shiftadd.http.access.Admission;
import io.shiftadd.http.access.EdgeFilters;
import io.shiftadd.http.access.KeyFilter;
import io.shiftadd.http.access.RefusedKeyException;
import io.shiftadd.http.access.RequestIdFilter;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.error.ErrorWriter;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.client.RestClient;

/** Who may call: pages, CORS, keys and the limits of each key, by Spring Security. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessSettings.class)
class AccessConfiguration {

    /** What a probe asks, which has no key. */
    private static final RequestMatcher OPEN = EdgeSecurity.anyOf(
            "/health", "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness");

    @Bean
    FilterRegistrationBean<RequestIdFilter> requestIds() {
        return EdgeFilters.requestIds();
    }

    @Bean
    HttpFirewall firewall() {
        return EdgeSecurity.firewall();
    }

    @Bean
    PageRules pages(AccessSettings settings, ServerProperties server, Environment environment) {
        return new PageRules(
                !settings.apiKeys().asks(server.getAddress()),
                false,
                OwnNames.of(environment),
                settings.corsOrigins(),
                "shiftadd.inference.access.cors-origins");
    }

    @Bean
    SecurityFilterChain access(HttpSecurity http, PageRules pages, RestClient registryHttp, ErrorWriter errors) {
        EdgeSecurity.begin(
                        http,
                        pages,
                        (request, response, status, message) -> errors.write(
                                ApiException.of(HttpStatus.FORBIDDEN, null, "origin_not_allowed", message), response),
                        "/**",
                        List.of(RequestIdFilter.HEADER, "Retry-After", "X-ShiftAdd-Ignored-Fields"))
                // There are no sessions that a page could use, and every operation that computes takes JSON alone.
                .csrf(AbstractHttpConfigurer::disable);
        if (!pages.keyless()) {
            // Ends with the request, because a key may have so many at a time.
            http.addFilterBefore(
                    new KeyFilter(
                            new Admission(registryHttp),
                            OPEN,
                            (request, response, refused) -> errors.write(error(refused), response)),
                    AuthorizationFilter.class);
        }
        return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    private static ApiException error(RefusedKeyException refused) {
        return switch (refused.kind()) {
            case UNKNOWN -> ApiException.unauthorized(refused.reason());
            case FORBIDDEN -> ApiException.forbidden(refused.reason());
            case TOO_MANY -> ApiException.tooMany(refused.code(), refused.retryAfter(), refused.reason());
            case UNAVAILABLE -> ApiException.unavailable(refused.code(), refused.retryAfter(), refused.reason());
        };
    }
}
