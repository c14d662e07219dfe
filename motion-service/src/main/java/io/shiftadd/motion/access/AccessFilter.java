package io.shiftadd.motion.access;

import io.shiftadd.http.access.Admission;
import io.shiftadd.http.access.RefusedKeyException;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.http.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets in requests with a valid API key that has the scope and is within its limits. */
final class AccessFilter extends OncePerRequestFilter {

    /** What a probe asks, and the page, which asks the person for the key that its requests then have. */
    private static final Set<String> OPEN =
            Set.of("/", "/motion", "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness");

    private static final String STATIC = "/static/";
    private static final String WEBJARS = "/webjars/";
    private static final String SCOPE = "inference";

    private final Admission admission;
    private final ProblemWriter problems;

    AccessFilter(Admission admission, ProblemWriter problems) {
        this.admission = admission;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        // Decoded and normalized, unlike the URI, so that no other path can look like an open one.
        String path = request.getServletPath();
        return OPEN.contains(path) || path.startsWith(STATIC) || path.startsWith(WEBJARS);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Admission.Pass pass;
        try {
            pass = admission.admit(request.getHeader("Authorization"), SCOPE);
        } catch (RefusedKeyException e) {
            if (e.kind() == RefusedKeyException.Kind.UNKNOWN) {
                response.setHeader("WWW-Authenticate", "Bearer");
            } else if (e.kind() != RefusedKeyException.Kind.FORBIDDEN) {
                response.setHeader("Retry-After", Long.toString(e.retryAfter().toSeconds()));
            }
            problems.write(request, response, new ProblemException(type(e), e.reason()));
            return;
        }
        try (pass) {
            chain.doFilter(request, response);
        }
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
