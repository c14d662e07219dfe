package io.shiftadd.registry.access;

import io.shiftadd.registry.problem.ProblemWriter;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The order of what a request passes: its id, its origin, CORS, its key, and at last the audit. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration implements WebMvcConfigurer {

    private static final Logger log = LoggerFactory.getLogger(AccessConfiguration.class);
    private static final int FIRST = Ordered.HIGHEST_PRECEDENCE + 10;

    private final AuditLog audit;

    AccessConfiguration(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new AuditInterceptor(audit));
    }

    @Bean
    static FilterRegistrationBean<RequestIdFilter> requestIds() {
        return at(0, new FilterRegistrationBean<>(new RequestIdFilter()));
    }

    @Bean
    static FilterRegistrationBean<CorsFilter> cors(AccessSettings settings) {
        CorsConfiguration allowed = new CorsConfiguration();
        allowed.setAllowedOrigins(settings.corsOrigins());
        // Those that no path has are refused behind, so that the page can read why.
        allowed.setAllowedMethods(List.of(CorsConfiguration.ALL));
        allowed.setAllowedHeaders(List.of("*"));
        allowed.setExposedHeaders(List.of(RequestIdFilter.HEADER, "Location", "Retry-After"));
        // A page from the internet that calls a service in the private network: its origin has been allowed by name.
        allowed.setAllowPrivateNetwork(true);
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration("/api/**", allowed);
        FilterRegistrationBean<CorsFilter> registration = at(2, new FilterRegistrationBean<>(new CorsFilter(source)));
        registration.setEnabled(!settings.corsOrigins().isEmpty());
        return registration;
    }

    @Bean
    static FilterRegistrationBean<SameOriginFilter> sameOrigin(AccessSettings settings, ProblemWriter problems) {
        return at(1, new FilterRegistrationBean<>(new SameOriginFilter(settings.corsOrigins(), problems)));
    }

    @Bean
    static FilterRegistrationBean<AccessFilter> access(
            AccessSettings settings, ServerProperties server, ApiKeys keys, Sessions sessions, ProblemWriter problems) {
        FilterRegistrationBean<AccessFilter> registration =
                at(3, new FilterRegistrationBean<>(new AccessFilter(keys, sessions, problems)));
        boolean needed = settings.needsKeys(server.getAddress());
        registration.setEnabled(needed);
        if (!needed && AccessSettings.Keys.AUTO != settings.apiKeys()) {
            log.warn("Anybody who reaches {} may use this service: API keys are switched off", server.getAddress());
        }
        return registration;
    }

    private static <T extends jakarta.servlet.Filter> FilterRegistrationBean<T> at(
            int place, FilterRegistrationBean<T> registration) {
        registration.setOrder(FIRST + place);
        return registration;
    }
}
