package io.shiftadd.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a Content-Type by which no body could be read, on every operation alike: what is no media type, a charset
 * that nobody knows, a form in parts that does not say how they are divided. Later, each place that reads it would fail
 * its own way.
 */
public final class ContentTypeFilter extends OncePerRequestFilter {

    private static final int BAD_REQUEST = 400;
    private static final int UNSUPPORTED = 415;

    /** RFC 2046, section 5.1.1. */
    private static final Pattern BOUNDARY = Pattern.compile("[0-9a-zA-Z'()+_,./:=? -]{0,69}[0-9a-zA-Z'()+_,./:=?-]");

    private final Refusal refusal;

    public ContentTypeFilter(Refusal refusal) {
        this.refusal = refusal;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String type = request.getContentType();
        if (type == null || type.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        MediaType read = parse(type);
        boolean inParts = type.strip().toLowerCase(Locale.ROOT).startsWith("multipart/");
        if (inParts && (read == null || !hasBoundary(read))) {
            String message = "The request's Content-Type is '" + Shown.of(type)
                    + "' without a boundary by which its parts could be found; add boundary=…, or send application/json";
            refusal.write(request, response, BAD_REQUEST, message);
        } else if (read == null) {
            String message = "The request's Content-Type is '" + Shown.of(type)
                    + "', which is no media type, or has a charset that is not known; send application/json";
            refusal.write(request, response, UNSUPPORTED, message);
        } else {
            chain.doFilter(request, response);
        }
    }

    private static @Nullable MediaType parse(String type) {
        try {
            MediaType read = MediaType.parseMediaType(type);
            return read.isConcrete() ? read : null;
        } catch (InvalidMediaTypeException e) {
            return null;
        }
    }

    private static boolean hasBoundary(MediaType type) {
        String boundary = type.getParameter("boundary");
        return boundary != null
                && BOUNDARY.matcher(boundary.replaceAll("^\"|\"$", "")).matches();
    }
}
