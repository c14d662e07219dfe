package io.shiftadd.registry.access;

import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.http.problem.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** What clients read whom Spring Security lets in no further. */
final class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler {

    private final ProblemWriter problems;
    private final RequestMatcher forInference;

    /** @param forInference what the scope for inference is enough for */
    Refusals(ProblemWriter problems, RequestMatcher forInference) {
        this.problems = problems;
        this.forInference = forInference;
    }

    /** There is no valid key: browsers are sent to the login, everybody else is told. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
            throws IOException {
        if (why instanceof AuthenticationServiceException) {
            response.setHeader("Retry-After", "5");
            problems.write(
                    request,
                    response,
                    ProblemType.UNAVAILABLE,
                    "The API key cannot be checked: the database does not answer.");
            return;
        }
        String accept = request.getHeader("Accept");
        if (request.getMethod().equals("GET") && accept != null && accept.contains(MediaType.TEXT_HTML_VALUE)) {
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

    /** The key is not good for this, or nothing says that the request is not a page's of another site. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException why)
            throws IOException {
        Scope needed = forInference.matches(request) ? Scope.INFERENCE : Scope.ADMIN;
        String detail = why instanceof CsrfException
                ? "A page of another site could have sent this request: it is no JSON, and says neither whence it comes"
                        + " nor anything that only our pages know. Send Content-Type: application/json or an API key."
                : "The API key '" + Caller.keyName() + "' has not the scope '" + needed.word() + "', which this needs.";
        problems.write(request, response, ProblemType.FORBIDDEN, detail);
    }
}
