package io.shiftadd.inference.limits;

import io.shiftadd.http.EdgeSecurity;
import io.shiftadd.http.OwnNames;
import io.shiftadd.http.PageRules;
import io.shiftadd.http.access.Admission;
import io.shiftadd.http.access.RequestIdFilter;
import io.shiftadd.inference.limits.AccessSettings.ApiKeys;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.error.ErrorWriter;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.web.client.RestClient;

/** The order of what a request passes: its id, then Spring Security (pages, CORS, keys), and the limits of its key. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessSettings.class)
class AccessConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(AccessConfiguration.class);

    /** Before Spring Security, which is at spring.security.filter.order. */
    private static final int REQUEST_IDS = Ordered.HIGHEST_PRECEDENCE + 10;

    @Bean
    FilterRegistrationBean<RequestIdFilter> requestIds() {
        FilterRegistrationBean<RequestIdFilter> registration = new FilterRegistrationBean<>(new RequestIdFilter());
        registration.setOrder(REQUEST_IDS);
        return registration;
    }

    @Bean
    HttpFirewall firewall() {
        return EdgeSecurity.firewall();
    }

    @Bean
    PageRules pages(AccessSettings settings, ServerProperties server, Environment environment) {
        return new PageRules(
                !keysNeeded(settings, server.getAddress()),
                false,
                new OwnNames(Binder.get(environment)
                        .bind(OwnNames.SETTING, Bindable.listOf(String.class))
                        .orElse(List.of())),
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
            http.addFilterBefore(new AccessFilter(new Admission(registryHttp), errors), AuthorizationFilter.class);
        }
        return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    private static boolean keysNeeded(AccessSettings settings, @Nullable InetAddress address) {
        boolean loopback = address != null && address.isLoopbackAddress();
        if (settings.apiKeys() == ApiKeys.OFF && !loopback) {
            LOG.warn("Anybody who reaches {} may use this service: API keys are switched off", address);
        }
        return settings.apiKeys() == ApiKeys.REQUIRED || settings.apiKeys() == ApiKeys.AUTO && !loopback;
    }
}
