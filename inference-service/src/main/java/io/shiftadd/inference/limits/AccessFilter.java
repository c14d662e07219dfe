package io.shiftadd.inference.limits;

import io.shiftadd.http.access.Admission;
import io.shiftadd.http.access.AdmittedKey;
import io.shiftadd.http.access.RefusedKeyException;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.error.ErrorWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets in requests with a valid API key that has the scope and is within its limits. */
final class AccessFilter extends OncePerRequestFilter {

    /** What a probe asks, which has no key. */
    private static final Set<String> OPEN =
            Set.of("/health", "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness");

    private static final String SCOPE = "inference";

    private final Admission admission;
    private final ErrorWriter errors;

    AccessFilter(Admission admission, ErrorWriter errors) {
        this.admission = admission;
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
        Admission.Pass pass;
        String authorization = authorization(request);
        try {
            pass = admission.admit(authorization, SCOPE);
        } catch (RefusedKeyException e) {
            if (e.kind() == RefusedKeyException.Kind.UNKNOWN) {
                response.setHeader("WWW-Authenticate", "Bearer");
            }
            errors.write(error(e), response);
            return;
        }
        AdmittedKey.remember(request, authorization);
        try (pass) {
            chain.doFilter(request, response);
        }
    }

    /** Anthropic's clients send the key in a header of its own. */
    private static @Nullable String authorization(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        String key = request.getHeader("x-api-key");
        return header == null && key != null ? "Bearer " + key : header;
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
