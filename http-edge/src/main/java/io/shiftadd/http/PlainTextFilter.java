package io.shiftadd.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UriUtils;

/**
 * Refuses paths, query parameters and headers whose text nobody could have meant: NUL and other control characters,
 * bytes that are no UTF-8, marks that turn the direction of writing. Bodies are looked at where they are read.
 */
public final class PlainTextFilter extends OncePerRequestFilter {

    /** Those whose text goes on: into rows and files. Tomcat refuses control characters in all of them. */
    private static final List<String> HEADERS = List.of("Idempotency-Key", "Last-Event-ID");

    /** What stands in a message for a parameter whose name is at fault. */
    private static final String NAME = "the name of a query parameter";

    private final Answer answer;

    public PlainTextFilter(Answer answer) {
        this.answer = answer;
    }

    /**
     * What is wrong, for the client.
     *
     * @param part where the field stands
     * @param field the parameter, the header, or "path"
     * @param message what it has or is
     * @param limit what it may be; null when the message says it
     */
    public record Fault(
            Part part,
            String field,
            String message,
            @Nullable String limit,
            String remedy) {}

    /** What a request has before its body. */
    public enum Part {
        PATH,
        QUERY,
        HEADER
    }

    /** Refuses a request with 400, in the form that the service's errors have. */
    @FunctionalInterface
    public interface Answer {
        void write(HttpServletRequest request, HttpServletResponse response, Fault fault) throws IOException;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Fault fault = fault(request);
        if (fault == null) {
            chain.doFilter(request, response);
        } else {
            answer.write(request, response, fault);
        }
    }

    private static @Nullable Fault fault(HttpServletRequest request) {
        Fault path = encoded(Part.PATH, "path", request.getRequestURI());
        Fault query = path == null ? inQuery(request.getQueryString()) : path;
        return query != null
                ? query
                : HEADERS.stream()
                        .map(header -> plain(Part.HEADER, header, request.getHeader(header)))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    private static @Nullable Fault inQuery(@Nullable String query) {
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals == 0) {
                return new Fault(Part.QUERY, NAME, "is empty", null, "name it, or leave it out");
            }
            String name = equals < 0 ? pair : pair.substring(0, equals);
            Fault found = encoded(Part.QUERY, NAME, name);
            if (found == null && equals >= 0) {
                found = encoded(Part.QUERY, Shown.of(name), pair.substring(equals + 1));
            }
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable Fault encoded(Part part, String field, String encoded) {
        String text;
        try {
            String spaced = part == Part.QUERY ? encoded.replace('+', ' ') : encoded;
            String latin1 = UriUtils.decode(spaced, StandardCharsets.ISO_8859_1);
            byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new Fault(part, field, "has bytes that are no UTF-8", null, "encode it as UTF-8");
        } catch (IllegalArgumentException e) {
            return new Fault(
                    part, field, "has a % that begins no code", "% and two hexadecimal digits", "write % as %25");
        }
        return plain(part, field, text);
    }

    private static @Nullable Fault plain(Part part, String field, @Nullable String text) {
        String fault = text == null ? null : PlainText.fault(text);
        return fault == null ? null : new Fault(part, field, fault, null, "leave that character out");
    }
}
