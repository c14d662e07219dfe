package io.shiftadd.registry.access;

import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.pathPattern;

import io.shiftadd.http.EdgeSecurity;
import io.shiftadd.http.OwnNames;
import io.shiftadd.http.PageRules;
import io.shiftadd.http.access.RequestIdFilter;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.http.problem.ProblemWriter;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.header.writers.ContentSecurityPolicyHeaderWriter;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The order of what a request passes: its id, then Spring Security (pages, CORS, tokens, keys), and the audit last. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration implements WebMvcConfigurer {

    private static final Logger log = LoggerFactory.getLogger(AccessConfiguration.class);

    /** Before Spring Security, which is at spring.security.filter.order. */
    private static final int REQUEST_IDS = Ordered.HIGHEST_PRECEDENCE + 10;

    /** What a probe, a service that was sent a key, and a browser without a session ask for. */
    private static final RequestMatcher OPEN = anyOf(
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

    /** Scripts, styles and requests are our own, and no page is framed. */
    private static final String POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** Its page comes with styles and images of its own in the text. */
    private static final RequestMatcher SWAGGER = anyOf("/swagger-ui/**", "/swagger-ui.html");

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
        FilterRegistrationBean<RequestIdFilter> registration = new FilterRegistrationBean<>(new RequestIdFilter());
        registration.setOrder(REQUEST_IDS);
        return registration;
    }

    @Bean
    static HttpFirewall firewall() {
        return EdgeSecurity.firewall();
    }

    @Bean
    static PageRules pages(AccessSettings settings, ServerProperties server, Environment environment) {
        boolean keyless = !settings.needsKeys(server.getAddress());
        if (keyless && AccessSettings.Keys.AUTO != settings.apiKeys()) {
            log.warn("Anybody who reaches {} may use this service: API keys are switched off", server.getAddress());
        }
        return new PageRules(
                keyless,
                true,
                new OwnNames(Binder.get(environment)
                        .bind(OwnNames.SETTING, Bindable.listOf(String.class))
                        .orElse(List.of())),
                settings.corsOrigins(),
                "shiftadd.registry.access.cors-origins");
    }

    @Bean
    static SecurityFilterChain access(
            HttpSecurity http, PageRules pages, ApiKeyProvider keys, Sessions sessions, ProblemWriter problems) {
        Refusals refusals = new Refusals(problems, FOR_INFERENCE);
        EdgeSecurity.begin(
                        http,
                        pages,
                        (request, response, status, message) ->
                                problems.write(request, response, ProblemType.FORBIDDEN, message),
                        "/api/**",
                        List.of(RequestIdFilter.HEADER, "Location", "Retry-After"))
                .headers(headers -> headers.referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                        .addHeaderWriter(new DelegatingRequestMatcherHeaderWriter(
                                new NegatedRequestMatcher(SWAGGER), new ContentSecurityPolicyHeaderWriter(POLICY)))
                        // htmx asks for parts of a page at the page's own address
                        .addHeaderWriter((request, response) -> response.addHeader("Vary", "HX-Request")))
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

    private static RequestMatcher anyOf(String... patterns) {
        return new OrRequestMatcher(Stream.of(patterns)
                .<RequestMatcher>map(pattern -> pathPattern(pattern))
                .toList());
    }
}
