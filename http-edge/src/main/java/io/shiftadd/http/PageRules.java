package io.shiftadd.http;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What pages in a browser may do here. Without keys nothing else tells the owner of the machine from a page that the
 * owner happens to look at; but a browser always says by which name it calls, and for changes from which page.
 *
 * @param keyless whether requests need no key: then the name they call is checked, and reading as well as changing
 * @param sessions whether browsers have sessions here: then changes are checked with keys, too
 * @param names by which the service is called
 * @param origins of other sites' pages that may call the service; "*" means all
 * @param setting that has the origins, for messages
 */
public record PageRules(boolean keyless, boolean sessions, OwnNames names, List<String> origins, String setting) {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    public PageRules {
        origins = List.copyOf(origins);
    }

    /** Whether a request is meant to change something. */
    public static boolean changes(HttpServletRequest request) {
        return !READING.contains(request.getMethod());
    }

    /** Why a request is refused, for the client; null when nothing speaks against it. */
    public @Nullable String objection(HttpServletRequest request) {
        String host = request.getHeader("Host");
        if (keyless && host != null && !names.include(host, request.getLocalAddr())) {
            return "The request's Host is '" + Shown.of(host)
                    + "', which is not a name of this service. Without API keys"
                    + " it is called localhost, a loopback address, or one of " + OwnNames.SETTING
                    + "; use one of these, or add the name there.";
        }
        boolean watched = keyless || !origins.isEmpty() || sessions && changes(request);
        return watched && isForeign(request)
                ? "The request comes from a page of another site (" + whence(request) + "). Add its origin to "
                        + setting + " if it may call this service."
                : null;
    }

    /** Whether a browser says that a request comes from a page of this service, or of a site that is allowed. */
    public boolean saysItIsOurs(HttpServletRequest request) {
        return !isForeign(request)
                && (request.getHeader("Origin") != null || request.getHeader("Sec-Fetch-Site") != null);
    }

    private boolean isForeign(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        if (origin != null) {
            return !origins.contains(origin) && !origins.contains("*") && !isOwn(origin, request);
        }
        // Links lead here from everywhere; what they lead to is only read.
        String site = request.getHeader("Sec-Fetch-Site");
        return changes(request) && site != null && !site.equals("same-origin") && !site.equals("none");
    }

    private static String whence(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        return Shown.of(String.valueOf(origin == null ? request.getHeader("Sec-Fetch-Site") : origin));
    }

    /** The page's address is the one that is called, or another of our names with the same port. */
    private boolean isOwn(String origin, HttpServletRequest request) {
        String host = request.getHeader("Host");
        String page = authority(origin);
        if (host == null || page == null) {
            return false;
        }
        String reached = request.getLocalAddr();
        return host.equalsIgnoreCase(page)
                || OwnNames.port(host).equals(OwnNames.port(page))
                        && names.include(page, reached)
                        && names.include(host, reached);
    }

    private static @Nullable String authority(String origin) {
        try {
            return URI.create(origin).getAuthority();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
