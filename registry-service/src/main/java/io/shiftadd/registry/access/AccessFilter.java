package io.shiftadd.registry.access;

import io.shiftadd.registry.problem.ProblemType;
import io.shiftadd.registry.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.springframework.dao.DataAccessException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets in requests with a valid API key of the scope they need, or with the session of one who has logged in. */
final class AccessFilter extends OncePerRequestFilter {

    /** What a probe, a service that was sent a key, and a browser without a session ask for. */
    private static final Set<String> OPEN = Set.of(
            "/actuator/health",
            "/actuator/health/liveness",
            "/actuator/health/readiness",
            ApiKeyController.PATH + "/verify",
            Sessions.LOGIN,
            "/error",
            "/favicon.ico");

    private static final Set<String> OPEN_FOLDERS = Set.of("/static/", "/webjars/");

    private static final String MODELS = "/api/v1/models";
    private static final String BEARER = "Bearer ";

    private final ApiKeys keys;
    private final Sessions sessions;
    private final ProblemWriter problems;

    AccessFilter(ApiKeys keys, Sessions sessions, ProblemWriter problems) {
        this.keys = keys;
        this.sessions = sessions;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        // decoded and normalized, unlike the URI, so that no other path can look like an open one
        String path = request.getServletPath();
        return OPEN.contains(path) || OPEN_FOLDERS.stream().anyMatch(path::startsWith);
    }

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return true;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<ApiKeyView> key;
        try {
            key = find(request);
        } catch (DataAccessException e) {
            response.setHeader("Retry-After", "5");
            problems.write(
                    request,
                    response,
                    ProblemType.UNAVAILABLE,
                    "The API key cannot be checked: the database does not answer.");
            return;
        }
        if (key.isEmpty()) {
            askForKey(request, response);
            return;
        }
        Scope needed = neededFor(request);
        if (!key.get().allows(needed)) {
            problems.write(
                    request,
                    response,
                    ProblemType.FORBIDDEN,
                    "The API key '" + key.get().name() + "' has not the scope '" + needed.word()
                            + "', which this needs.");
            return;
        }
        Caller.set(request, key.get());
        chain.doFilter(request, response);
    }

    private Optional<ApiKeyView> find(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? keys.find(header.substring(BEARER.length()).strip())
                : sessions.keyOf(request);
    }

    /** The inference-service and its clients may read which models there are. */
    private static Scope neededFor(HttpServletRequest request) {
        String path = request.getServletPath();
        boolean readsModels =
                request.getMethod().equals("GET") && (path.equals(MODELS) || path.startsWith(MODELS + "/"));
        return readsModels ? Scope.INFERENCE : Scope.ADMIN;
    }

    private void askForKey(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String accept = request.getHeader("Accept");
        if (request.getMethod().equals("GET") && accept != null && accept.contains("text/html")) {
            String next = request.getQueryString() == null
                    ? request.getRequestURI()
                    : request.getRequestURI() + "?" + request.getQueryString();
            response.setStatus(HttpServletResponse.SC_SEE_OTHER);
            response.setHeader("Location", Sessions.LOGIN + "?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
            return;
        }
        response.setHeader("WWW-Authenticate", "Bearer");
        problems.write(
                request,
                response,
                ProblemType.UNAUTHORIZED,
                "Send the header Authorization: Bearer <key> with a valid API key.");
    }
}
