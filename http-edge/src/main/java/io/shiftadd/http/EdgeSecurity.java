package io.shiftadd.http;

import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.pathPattern;

import java.util.List;
import java.util.stream.Stream;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.firewall.DefaultHttpFirewall;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.ContentSecurityPolicyHeaderWriter;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;

/** What the chains of Spring Security of all services have in common. */
public final class EdgeSecurity {

    /** Scripts, styles and requests are our own, and no page is framed. */
    private static final String POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** Its page comes with styles and images of its own in the text. */
    private static final RequestMatcher SWAGGER = anyOf("/swagger-ui/**", "/swagger-ui.html");

    private EdgeSecurity() {}

    /**
     * Pages of other sites are refused before anything else is asked; and nothing of what Spring Security would do by
     * itself and the service does not want.
     *
     * @param exposed headers of answers that pages of allowed origins may read
     * @param paths that these pages may call, as a pattern
     */
    public static HttpSecurity begin(
            HttpSecurity http, PageRules pages, Refusal refusal, String paths, List<String> exposed) {
        return http.addFilterAfter(new ForeignPageFilter(pages, refusal), HeaderWriterFilter.class)
                .cors(cors -> {
                    if (pages.origins().isEmpty()) {
                        cors.disable();
                    } else {
                        cors.configurationSource(allowed(pages.origins(), paths, exposed));
                    }
                })
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                // Each answer says itself how long it may be kept; whether the services are reached by HTTPS, and by it
                // alone, is known to what stands before them.
                .headers(headers -> headers.cacheControl(cache -> cache.disable())
                        .xssProtection(xss -> xss.disable())
                        .httpStrictTransportSecurity(transport -> transport.disable()));
    }

    /** What browsers are told about the pages of a service that has some. */
    public static HttpSecurity guardPages(HttpSecurity http) {
        return http.headers(headers -> headers.referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                .addHeaderWriter(new DelegatingRequestMatcherHeaderWriter(
                        new NegatedRequestMatcher(SWAGGER), new ContentSecurityPolicyHeaderWriter(POLICY))));
    }

    /** Paths by Spring's patterns. */
    public static RequestMatcher anyOf(String... patterns) {
        return new OrRequestMatcher(Stream.of(patterns)
                .<RequestMatcher>map(pattern -> pathPattern(pattern))
                .toList());
    }

    /** Asks for API keys, but on paths that are open. */
    public static HttpSecurity askForKeys(
            HttpSecurity http, AuthenticationProvider keys, RequestMatcher open, AuthenticationEntryPoint without) {
        AuthenticationFilter filter = new AuthenticationFilter(new ProviderManager(keys), new BearerKey());
        filter.setRequestMatcher(new NegatedRequestMatcher(open));
        filter.setSuccessHandler((request, response, key) -> {});
        filter.setFailureHandler(without::commence);
        return http.addFilterBefore(filter, BasicAuthenticationFilter.class)
                .exceptionHandling(refused -> refused.authenticationEntryPoint(without));
    }

    /**
     * Takes what Tomcat takes: it has refused or resolved what could make a path look like another one, and rules and
     * controllers match the same path. The strict one would refuse more, in words that no client of ours reads.
     */
    public static HttpFirewall firewall() {
        return new DefaultHttpFirewall();
    }

    private static UrlBasedCorsConfigurationSource allowed(List<String> origins, String paths, List<String> exposed) {
        CorsConfiguration allowed = new CorsConfiguration();
        allowed.setAllowedOrigins(origins);
        // Those that no path has are refused behind, so that the page can read why.
        allowed.setAllowedMethods(List.of(CorsConfiguration.ALL));
        allowed.setAllowedHeaders(List.of(CorsConfiguration.ALL));
        allowed.setExposedHeaders(exposed);
        // A page from the internet that calls a service in the private network: its origin has been allowed by name.
        allowed.setAllowPrivateNetwork(true);
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration(paths, allowed);
        return source;
    }
}
