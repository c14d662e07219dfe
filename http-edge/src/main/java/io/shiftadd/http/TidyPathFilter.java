package io.shiftadd.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Takes paths as base addresses make them: {@code http://host/} and {@code /v1/models} put together have two slashes,
 * and many write one at the end. Slashes in a row count as one, and one at the end as none. Comes before whatever
 * decides by the path, so that all of it, the check of keys first, sees the same one.
 */
public final class TidyPathFilter extends OncePerRequestFilter {

    private static final String SENT = TidyPathFilter.class.getName() + ".sent";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String sent = request.getRequestURI();
        if (tidy(sent).equals(sent)) {
            chain.doFilter(request, response);
        } else {
            request.setAttribute(SENT, sent);
            chain.doFilter(new Tidy(request), response);
        }
    }

    /** The path as the client wrote it, for messages. */
    public static String sentPath(HttpServletRequest request) {
        return request.getAttribute(SENT) instanceof String sent ? sent : request.getRequestURI();
    }

    static String tidy(String path) {
        StringBuilder tidy = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            boolean again = path.charAt(i) == '/' && !tidy.isEmpty() && tidy.charAt(tidy.length() - 1) == '/';
            if (!again) {
                tidy.append(path.charAt(i));
            }
        }
        int last = tidy.length() - 1;
        if (last > 0 && tidy.charAt(last) == '/') {
            tidy.setLength(last);
        }
        return tidy.toString();
    }

    private static final class Tidy extends HttpServletRequestWrapper {

        private final String sent;

        Tidy(HttpServletRequest request) {
            super(request);
            sent = request.getRequestURI();
        }

        @Override
        public String getRequestURI() {
            return tidy(sent);
        }

        @Override
        public StringBuffer getRequestURL() {
            StringBuffer url = super.getRequestURL();
            int path = url.length() - sent.length();
            return path > 0 ? url.replace(path, url.length(), tidy(sent)) : url;
        }

        @Override
        public String getServletPath() {
            return tidy(super.getServletPath());
        }
    }
}
