package io.shiftadd.inference.limits;

import io.shiftadd.inference.loading.RegistryUnavailableException;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.error.ErrorWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets in requests with a valid API key that has the scope and is within its limits. */
final class AccessFilter extends OncePerRequestFilter {

    /** What a probe asks, which has no key. */
    private static final Set<String> OPEN =
            Set.of("/health", "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness");

    private static final String BEARER = "Bearer ";

    private final ApiKeyDirectory keys;
    private final ErrorWriter errors;
    private final Map<String, KeyUsage> usages = new ConcurrentHashMap<>();

    AccessFilter(ApiKeyDirectory keys, ErrorWriter errors) {
        this.keys = keys;
        this.errors = errors;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        // Decoded and normalized, unlike the URI, so that no other path can look like an open one.
        return OPEN.contains(request.getServletPath());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        KeyUsage usage;
        try {
            ApiKey key = keyOf(request);
            usage = usages.computeIfAbsent(key.id(), id -> new KeyUsage(System::nanoTime));
            KeyUsage.Refusal refusal = usage.begin(key);
            if (refusal != null) {
                throw ApiException.tooMany(refusal.code(), refusal.retryAfter(), refusal.message());
            }
        } catch (ApiException e) {
            if (e.status().value() == HttpServletResponse.SC_UNAUTHORIZED) {
                response.setHeader("WWW-Authenticate", "Bearer");
            }
            errors.write(e, response);
            return;
        }
        try {
            chain.doFilter(request, response);
        } finally {
            usage.end();
        }
    }

    private ApiKey keyOf(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw ApiException.unauthorized("An API key is needed: send the header Authorization: Bearer <key>");
        }
        ApiKey key;
        try {
            key = keys.find(header.substring(BEARER.length()).strip())
                    .orElseThrow(() -> ApiException.unauthorized("The API key is not valid, or was revoked"));
        } catch (RegistryUnavailableException e) {
            throw ApiException.unavailable(
                    "registry_unavailable",
                    Duration.ofSeconds(1),
                    "The API key cannot be checked: the registry does not answer");
        }
        if (!key.allows(ApiKey.INFERENCE)) {
            throw ApiException.forbidden(
                    "The API key '" + key.name() + "' has not the scope '" + ApiKey.INFERENCE + "'");
        }
        return key;
    }
}
