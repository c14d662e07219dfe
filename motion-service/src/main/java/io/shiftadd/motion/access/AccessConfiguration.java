package io.shiftadd.motion.access;

import io.shiftadd.http.ContentCodingFilter;
import io.shiftadd.http.ContentTypeFilter;
import io.shiftadd.http.EdgeSecurity;
import io.shiftadd.http.OwnNames;
import io.shiftadd.http.PageRules;
import io.shiftadd.http.PlainTextFilter;
import io.shiftadd.http.TidyPathFilter;
import io.shiftadd.http.access.Admission;
import io.shiftadd.http.access.EdgeFilters;
import io.shiftadd.http.access.KeyFilter;
import io.shiftadd.http.access.RefusedKeyException;
import io.shiftadd.http.access.RequestIdFilter;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.http.problem.ProblemWriter;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.client.RestClient;

/** What a request passes before the controllers, in the order of {@link EdgeFilters}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessSettings.class)
class AccessConfiguration {

    /** What a probe asks, and the page, which asks the person for the key that its requests then have. */
    private static final RequestMatcher OPEN = EdgeSecurity.anyOf(
            "/",
            "/motion",
            "/actuator/health",
            "/actuator/health/liveness",
            "/actuator/health/readiness",
            "/static/**",
            "/webjars/**");

    /** Bytes of a request's body: an instruction, or a description. */
    private static final long MOST_BYTES = 65_536;

    private static final Duration REGISTRY_CONNECT = Duration.ofSeconds(2);
    private static final Duration REGISTRY_ANSWER = Duration.ofSeconds(5);

    @Bean
    static FilterRegistrationBean<TidyPathFilter> tidyPaths() {
        return EdgeFilters.tidyPaths();
    }

    @Bean
    static FilterRegistrationBean<RequestIdFilter> requestIds() {
        return EdgeFilters.requestIds();
    }

    @Bean
    static FilterRegistrationBean<ContentTypeFilter> contentTypes(ProblemWriter problems) {
        return EdgeFilters.contentTypes(problems.refusal());
    }

    @Bean
    static FilterRegistrationBean<PlainTextFilter> plainTexts(ProblemWriter problems) {
        return EdgeFilters.plainTexts(problems.texts());
    }

    @Bean
    static FilterRegistrationBean<ContentCodingFilter> contentCodings(ProblemWriter problems) {
        return EdgeFilters.contentCodings(_ -> MOST_BYTES, problems.refusal());
    }

    @Bean
    static HttpFirewall firewall() {
        return EdgeSecurity.firewall();
    }

    @Bean
    static PageRules pages(AccessSettings settings, ServerProperties server, Environment environment) {
        return new PageRules(
                !settings.apiKeys().asks(server.getAddress()),
                true,
                OwnNames.of(environment),
                settings.corsOrigins(),
                "shiftadd.motion.access.cors-origins");
    }

    @Bean
    static SecurityFilterChain access(
            HttpSecurity http,
            PageRules pages,
            ProblemWriter problems,
            @Value("${shiftadd.registry-url}") String registryUrl,
            @Value("${shiftadd.registry-api-key:}") String registryKey) {
        EdgeSecurity.guardPages(EdgeSecurity.begin(
                        http,
                        pages,
                        problems.refusal(),
                        "/api/**",
                        List.of(RequestIdFilter.HEADER, "Location", "Retry-After")))
                // There are no sessions of browsers that another site's page could use.
                .csrf(AbstractHttpConfigurer::disable);
        if (!pages.keyless()) {
            Admission admission = new Admission(registry(registryUrl, registryKey));
            http.addFilterBefore(
                    new KeyFilter(admission, OPEN, (request, response, refused) -> {
                        if (refused.kind() == RefusedKeyException.Kind.TOO_MANY
                                || refused.kind() == RefusedKeyException.Kind.UNAVAILABLE) {
                            response.setHeader(
                                    "Retry-After",
                                    Long.toString(refused.retryAfter().toSeconds()));
                        }
                        problems.write(request, response, new ProblemException(type(refused), refused.reason()));
                    }),
                    AuthorizationFilter.class);
        }
        return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
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

    private static ProblemType type(RefusedKeyException refused) {
        return switch (refused.kind()) {
            case UNKNOWN -> ProblemType.UNAUTHORIZED;
            case FORBIDDEN -> ProblemType.FORBIDDEN;
            case TOO_MANY -> ProblemType.TOO_MANY_REQUESTS;
            case UNAVAILABLE -> ProblemType.UNAVAILABLE;
        };
    }
}
