package io.shiftadd.motion.access;

import io.shiftadd.motion.problem.ProblemType;
import io.shiftadd.motion.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses changes that another site's page sends through somebody's browser. On loopback there may be neither key nor
 * cookie that it would lack, and a form can be posted anywhere without asking; but a browser always says whence.
 */
final class SameOriginFilter extends OncePerRequestFilter {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final List<String> allowed;
    private final ProblemWriter problems;

    SameOriginFilter(List<String> allowed, ProblemWriter problems) {
        this.allowed = List.copyOf(allowed);
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return READING.contains(request.getMethod());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String origin = request.getHeader("Origin");
        String site = request.getHeader("Sec-Fetch-Site");
        boolean foreign = origin == null
                ? site != null && !site.equals("same-origin") && !site.equals("none")
                : !allowed.contains(origin) && !isOwn(origin, request.getHeader("Host"));
        if (foreign) {
            problems.write(
                    request,
                    response,
                    ProblemType.FORBIDDEN,
                    "The request comes from a page of another site ("
                            + (origin != null ? origin : site != null ? site : "it does not say which")
                            + "). Add its origin to shiftadd.motion.access.cors-origins if it may change things here.");
            return;
        }
        chain.doFilter(request, response);
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        try {
            return host != null && host.equalsIgnoreCase(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
