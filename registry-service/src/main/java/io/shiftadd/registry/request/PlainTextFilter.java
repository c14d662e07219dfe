package io.shiftadd.registry.request;

import io.shiftadd.http.PlainText;
import io.shiftadd.http.Shown;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UriUtils;

/**
 * Refuses paths, query parameters and headers whose text nobody could have meant: NUL and other control characters,
 * bytes that are no UTF-8, marks that turn the direction of writing. Bodies are looked at where they are read.
 */
final class PlainTextFilter extends OncePerRequestFilter {

    /** Those whose text goes on: into rows and files. Tomcat refuses control characters in all of them. */
    private static final List<String> HEADERS = List.of("Idempotency-Key", "Last-Event-ID");

    private final ProblemWriter problems;

    PlainTextFilter(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            check("path", request.getRequestURI(), false);
            checkQuery(request.getQueryString());
            for (String header : HEADERS) {
                requirePlain(header, request.getHeader(header));
            }
        } catch (ProblemException e) {
            problems.write(request, response, e);
            return;
        }
        chain.doFilter(request, response);
    }

    private static void checkQuery(@Nullable String query) {
        if (query == null) {
            return;
        }
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals == 0) {
                throw ProblemException.invalid(
                        "the name of a query parameter", "is empty", null, "name it, or leave it out");
            }
            String name = equals < 0 ? pair : pair.substring(0, equals);
            check("the name of a query parameter", name, true);
            if (equals >= 0) {
                check(Shown.of(name), pair.substring(equals + 1), true);
            }
        }
    }

    private static void check(String field, String encoded, boolean form) {
        String text;
        try {
            String latin1 = UriUtils.decode(form ? encoded.replace('+', ' ') : encoded, StandardCharsets.ISO_8859_1);
            byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ProblemException.invalid(field, "has bytes that are no UTF-8", null, "encode it as UTF-8");
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(field, "has a % that begins no code", "% and two hexadecimal digits", null);
        }
        requirePlain(field, text);
    }

    private static void requirePlain(String field, @Nullable String text) {
        String fault = text == null ? null : PlainText.fault(text);
        if (fault != null) {
            throw ProblemException.invalid(field, fault, null, "leave that character out");
        }
    }
}
