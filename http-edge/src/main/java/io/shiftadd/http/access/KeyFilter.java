package io.shiftadd.http.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets in requests with an API key that is valid at the registry, has the scope {@code inference}, and is within its
 * limits. A key may have so many requests at a time: one ends when the chain behind this filter returns.
 */
public final class KeyFilter extends OncePerRequestFilter {

    private static final String SCOPE = "inference";

    private final Admission admission;
    private final RequestMatcher open;
    private final Answer answer;

    /**
     * @param open what needs no key
     * @param answer says to the client why its key is refused
     */
    public KeyFilter(Admission admission, RequestMatcher open, Answer answer) {
        this.admission = admission;
        this.open = open;
        this.answer = answer;
    }

    /** Writes why a key is refused, in the form of the service's errors. */
    public interface Answer {
        void write(HttpServletRequest request, HttpServletResponse response, RefusedKeyException refused)
                throws IOException;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return open.matches(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String authorization = authorization(request);
        Admission.Pass pass;
        try {
            pass = admission.admit(authorization, SCOPE);
        } catch (RefusedKeyException e) {
            if (e.kind() == RefusedKeyException.Kind.UNKNOWN) {
                response.setHeader("WWW-Authenticate", "Bearer");
            }
            answer.write(request, response, e);
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
}
