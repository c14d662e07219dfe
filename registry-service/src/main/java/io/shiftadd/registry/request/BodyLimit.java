package io.shiftadd.registry.request;

import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.http.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses bodies over the cap: at once when the length is announced, else when the cap is passed while reading.
 * Uploads of texts have a cap of their own, and are streamed. Who may send them has been asked before.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
class BodyLimit extends OncePerRequestFilter {

    private static final String UPLOADS = "/api/v1/texts";
    private static final List<String> UPLOAD_TYPES = List.of("text/plain", "multipart/form-data");

    private final ProblemWriter problems;
    private final long bodyCap;
    private final long uploadCap;

    BodyLimit(
            ProblemWriter problems,
            @Value("${shiftadd.requests.max-body-size}") DataSize bodyCap,
            @Value("${shiftadd.texts.max-size}") DataSize uploadCap) {
        this.problems = problems;
        this.bodyCap = bodyCap.toBytes();
        this.uploadCap = uploadCap.toBytes();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long cap = capOf(request);
        if (request.getContentLengthLong() > cap) {
            response.setHeader("Connection", "close");
            problems.write(
                    request,
                    response,
                    ProblemType.TOO_LARGE,
                    "The body has " + request.getContentLengthLong() + " bytes; at most " + cap + " are accepted.");
            return;
        }
        chain.doFilter(new Capped(request, cap), response);
    }

    /** Bytes that the request's body may have. */
    long capOf(HttpServletRequest request) {
        return isUpload(request) ? uploadCap : bodyCap;
    }

    private static boolean isUpload(HttpServletRequest request) {
        String type = request.getContentType();
        return request.getRequestURI().equals(UPLOADS)
                && type != null
                && UPLOAD_TYPES.stream().anyMatch(one -> type.regionMatches(true, 0, one, 0, one.length()));
    }

    private static final class Capped extends HttpServletRequestWrapper {

        private final long cap;

        Capped(HttpServletRequest request, long cap) {
            super(request);
            this.cap = cap;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new CappedStream(super.getInputStream(), cap);
        }
    }

    private static final class CappedStream extends ServletInputStream {

        private final ServletInputStream stream;
        private final long cap;
        private long seen;

        CappedStream(ServletInputStream stream, long cap) {
            this.stream = stream;
            this.cap = cap;
        }

        @Override
        public int read() throws IOException {
            int next = stream.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = stream.read(buffer, offset, length);
            count(Math.max(count, 0));
            return count;
        }

        private void count(int bytes) {
            seen += bytes;
            if (seen > cap) {
                throw new ProblemException(
                        ProblemType.TOO_LARGE, "The body has more than the " + cap + " bytes that are accepted.");
            }
        }

        @Override
        public boolean isFinished() {
            return stream.isFinished();
        }

        @Override
        public boolean isReady() {
            return stream.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            stream.setReadListener(listener);
        }
    }
}
