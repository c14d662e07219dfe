package io.shiftadd.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Decodes compressed bodies (RFC 9110, section 8.4), so that whoever reads a body reads what was meant. No layer may
 * grow beyond the body's own limit; what is coded in a way that is not known is 415 with the ones that are.
 */
public final class ContentCodingFilter extends OncePerRequestFilter {

    private static final int UNSUPPORTED = 415;
    private static final int MOST_CODINGS = 4;
    private static final String KNOWN = "gzip, deflate";
    private static final Set<String> READ = Set.of("gzip", "x-gzip", "deflate");

    private final ToLongFunction<HttpServletRequest> limit;
    private final Refusal refusal;

    /** @param limit of a request's body in bytes, coded and decoded */
    public ContentCodingFilter(ToLongFunction<HttpServletRequest> limit, Refusal refusal) {
        this.limit = limit;
        this.refusal = refusal;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        List<String> codings = codings(request);
        if (codings.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        Optional<String> unknown =
                codings.stream().filter(coding -> !READ.contains(coding)).findFirst();
        if (unknown.isPresent()) {
            refuse(request, response, "'" + Shown.of(unknown.get()) + "' is not read here; send gzip, deflate or none");
        } else if (codings.size() > MOST_CODINGS) {
            refuse(
                    request,
                    response,
                    "there are " + codings.size() + " of them; at most " + MOST_CODINGS + " are read");
        } else if (isForm(request)) {
            refuse(request, response, "forms are read without one only; send the form as it is");
        } else {
            try (DecodedRequest decoded = new DecodedRequest(request, codings, limit.applyAsLong(request))) {
                chain.doFilter(decoded, response);
            }
        }
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, String why) throws IOException {
        response.setHeader("Accept-Encoding", KNOWN);
        refusal.write(request, response, UNSUPPORTED, "The request's Content-Encoding: " + why);
    }

    /** In the order in which they were applied; those that change nothing left out. */
    private static List<String> codings(HttpServletRequest request) {
        List<String> codings = new ArrayList<>();
        for (String header : Collections.list(request.getHeaders("Content-Encoding"))) {
            for (String coding : header.split(",")) {
                String name = coding.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !name.equals("identity")) {
                    codings.add(name);
                }
            }
        }
        return codings;
    }

    /** The container reads these by itself, and reads them as they were sent. */
    private static boolean isForm(HttpServletRequest request) {
        String type =
                request.getContentType() == null ? "" : request.getContentType().toLowerCase(Locale.ROOT);
        return type.startsWith("multipart/") || type.startsWith("application/x-www-form-urlencoded");
    }
}
