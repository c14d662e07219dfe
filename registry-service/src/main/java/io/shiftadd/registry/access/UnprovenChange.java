package io.shiftadd.registry.access;

import io.shiftadd.http.BearerKey;
import io.shiftadd.http.PageRules;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestHandler;
import org.springframework.security.web.csrf.XorCsrfTokenRequestAttributeHandler;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Changes that a page of another site could have somebody's browser send, for all that the request says: these need a
 * token of ours. A key is proof, and so is a browser's word that the page is ours; so is, without a session, what
 * browsers send to other sites only after asking, JSON above all.
 */
final class UnprovenChange implements RequestMatcher {

    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";

    /** What pages may send everywhere (CORS, "simple requests"), beside no body at all. */
    private static final Set<String> SIMPLE = Set.of(FORM, "multipart/form-data", "text/plain");

    /** What takes other bodies than JSON: programs may send them as they are, browsers must say whence. */
    private static final Set<String> OTHER_BODIES = Set.of("/api/v1/texts", Sessions.LOGIN);

    private final PageRules pages;

    UnprovenChange(PageRules pages) {
        this.pages = pages;
    }

    @Override
    public boolean matches(HttpServletRequest request) {
        if (!PageRules.changes(request) || BearerKey.isIn(request) || pages.saysItIsOurs(request)) {
            return false;
        }
        return request.getRequestedSessionId() != null || pages.keyless() && isSentUnasked(request);
    }

    private static boolean isSentUnasked(HttpServletRequest request) {
        String type = type(request);
        if (!request.getMethod().equals("POST") || type.startsWith(JSON)) {
            return false;
        }
        boolean simple = SIMPLE.stream().anyMatch(type::startsWith);
        return isBrowser(request) || simple && !OTHER_BODIES.contains(request.getServletPath());
    }

    private static boolean isBrowser(HttpServletRequest request) {
        return Stream.of("Origin", "Referer", "Cookie", "Sec-Fetch-Site", "Sec-Fetch-Mode")
                .anyMatch(name -> request.getHeader(name) != null);
    }

    private static String type(HttpServletRequest request) {
        String type = request.getContentType();
        return type == null ? "" : type.strip().toLowerCase(Locale.ROOT);
    }

    /** Reads the token of a form or a header; no other body, which may be large, before the request is let in. */
    static final class Tokens implements CsrfTokenRequestHandler {

        private final CsrfTokenRequestHandler tokens = new XorCsrfTokenRequestAttributeHandler();

        @Override
        public void handle(HttpServletRequest request, HttpServletResponse response, Supplier<CsrfToken> token) {
            tokens.handle(request, response, token);
        }

        @Override
        public @Nullable String resolveCsrfTokenValue(HttpServletRequest request, CsrfToken token) {
            boolean readable = request.getHeader(token.getHeaderName()) != null
                    || type(request).startsWith(FORM);
            return readable ? tokens.resolveCsrfTokenValue(request, token) : null;
        }
    }
}
