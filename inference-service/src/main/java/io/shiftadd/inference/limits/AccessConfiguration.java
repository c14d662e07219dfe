package io.shiftadd.inference.limits;

import io.shiftadd.http.access.Admission;
import io.shiftadd.http.access.RequestIdFilter;
import io.shiftadd.inference.limits.AccessSettings.ApiKeys;
import io.shiftadd.inference.openai.error.ErrorWriter;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.client.RestClient;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessSettings.class)
class AccessConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(AccessConfiguration.class);
    private static final int FIRST = Ordered.HIGHEST_PRECEDENCE + 10;

    @Bean
    FilterRegistrationBean<RequestIdFilter> requestIds() {
        FilterRegistrationBean<RequestIdFilter> registration = new FilterRegistrationBean<>(new RequestIdFilter());
        registration.setOrder(FIRST);
        return registration;
    }

    @Bean
    FilterRegistrationBean<CorsFilter> cors(AccessSettings settings, ErrorWriter errors) {
        CorsConfiguration allowed = new CorsConfiguration();
        allowed.setAllowedOrigins(settings.corsOrigins());
        // Those that no path has are refused behind, so that the page can read why.
        allowed.setAllowedMethods(List.of(CorsConfiguration.ALL));
        allowed.setAllowedHeaders(List.of("*"));
        allowed.setExposedHeaders(List.of(RequestIdFilter.HEADER, "Retry-After", "X-ShiftAdd-Ignored-Fields"));
        // A page from the internet that calls a service in the private network: its origin has been allowed by name.
        allowed.setAllowPrivateNetwork(true);
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration("/**", allowed);
        CorsFilter filter = new CorsFilter(source);
        filter.setCorsProcessor(new OriginRefusal(errors));
        FilterRegistrationBean<CorsFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(FIRST + 1);
        registration.setEnabled(!settings.corsOrigins().isEmpty());
        return registration;
    }

    @Bean
    FilterRegistrationBean<AccessFilter> access(
            AccessSettings settings, ServerProperties server, RestClient registryHttp, ErrorWriter errors) {
        FilterRegistrationBean<AccessFilter> registration =
                new FilterRegistrationBean<>(new AccessFilter(new Admission(registryHttp), errors));
        registration.setOrder(FIRST + 2);
        registration.setEnabled(keysNeeded(settings, server.getAddress()));
        return registration;
    }

    private static boolean keysNeeded(AccessSettings settings, @Nullable InetAddress address) {
        boolean loopback = address != null && address.isLoopbackAddress();
        if (settings.apiKeys() == ApiKeys.OFF && !loopback) {
            LOG.warn("Anybody who reaches {} may use this service: API keys are switched off", address);
        }
        return settings.apiKeys() == ApiKeys.REQUIRED || settings.apiKeys() == ApiKeys.AUTO && !loopback;
    }
}
