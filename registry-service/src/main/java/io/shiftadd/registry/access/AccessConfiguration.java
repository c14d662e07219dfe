package io.shiftadd.registry.access;

import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.pathPattern;

import io.shiftadd.http.EdgeSecurity;
import io.shiftadd.http.OwnNames;
import io.shiftadd.http.PageRules;
import io.shiftadd.http.access.EdgeFilters;
import io.shiftadd.http.access.RequestIdFilter;
import io.shiftadd.http.problem.ProblemWriter;
import java.util.List;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Who may call: pages, CORS, tokens and keys, by Spring Security; and the audit last. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration implements WebMvcConfigurer {

    /** What a probe, a service that was sent a key, and a browser without a session ask for. */
    private static final RequestMatcher OPEN = EdgeSecurity.anyOf(
            "/actuator/health",
            "/actuator/health/liveness",
            "/actuator/health/readiness",
            ApiKeyController.PATH + "/verify",
            Sessions.LOGIN,
            "/error",
            "/favicon.ico",
            "/static/**",
            "/webjars/**");

    /** The inference-service and its clients may read which models there are, and have responses of their own. */
    private static final RequestMatcher FOR_INFERENCE = new OrRequestMatcher(
            pathPattern(HttpMethod.GET, "/api/v1/models"),
            pathPattern(HttpMethod.GET, "/api/v1/models/**"),
            pathPattern("/api/v1/responses/**"));

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
        return EdgeFilters.requestIds();
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
                "shiftadd.registry.access.cors-origins");
    }

    @Bean
    static SecurityFilterChain access(
            HttpSecurity http, PageRules pages, ApiKeyProvider keys, Sessions sessions, ProblemWriter problems) {
        Refusals refusals = new Refusals(problems, FOR_INFERENCE);
        EdgeSecurity.guardPages(EdgeSecurity.begin(
                        http,
                        pages,
                        problems.refusal(),
                        "/api/**",
                        List.of(RequestIdFilter.HEADER, "Location", "Retry-After")))
                // htmx asks for parts of a page at the page's own address
                .headers(headers ->
                        headers.addHeaderWriter((request, response) -> response.addHeader("Vary", "HX-Request")))
                .csrf(csrf -> csrf.requireCsrfProtectionMatcher(new UnprovenChange(pages))
                        .csrfTokenRequestHandler(new UnprovenChange.Tokens()))
                .securityContext(context -> context.securityContextRepository(sessions))
                .exceptionHandling(refused -> refused.accessDeniedHandler(refusals));
        if (pages.keyless()) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }
        return EdgeSecurity.askForKeys(http, keys, OPEN, refusals)
                .authorizeHttpRequests(requests -> requests.requestMatchers(OPEN)
                        .permitAll()
                        .requestMatchers(FOR_INFERENCE)
                        .hasAuthority(Scope.INFERENCE.word())
                        .anyRequest()
                        .hasAuthority(Scope.ADMIN.word()))
                .build();
    }
}
