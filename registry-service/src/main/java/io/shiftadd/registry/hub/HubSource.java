package io.shiftadd.registry.hub;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server, and follows its redirects as far as they are allowed: to itself, or to an address that is configured.
 * A redirect could lead anywhere, also into this machine's own network.
 *
 * @param base address of the server
 * @param redirects other addresses that may be redirected to
 * @param timeout how long the server may be silent
 */
record HubSource(URI base, @Nullable String token, List<URI> redirects, Duration timeout) {

    private static final int MAX_REDIRECTS = 5;

    static HubSource of(HubProperties properties) {
        return new HubSource(
                Objects.requireNonNull(properties.baseUrl()),
                properties.token(),
                properties.redirects(),
                properties.timeout());
    }

    /** The part of a file to ask for: from a byte on, if the file still has the version. */
    record Rest(long from, String version) {}

    /**
     * Sends one request, answered when this returns; the caller disconnects.
     *
     * @throws HubException when the answer is a redirect to elsewhere, or not to be had without other credentials
     */
    HubAnswer open(String method, URI source, @Nullable Rest rest) throws IOException {
        URI target = source;
        String linkedTag = null;
        String commit = null;
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            HttpURLConnection connection = connect(method, target, rest);
            int status = connection.getResponseCode();
            // a server that keeps large files elsewhere says with the redirect what they are
            linkedTag = linkedTag == null ? connection.getHeaderField("X-Linked-Etag") : linkedTag;
            commit = commit == null ? connection.getHeaderField("X-Repo-Commit") : commit;
            if (status / 100 != 3) {
                return new HubAnswer(source, connection, status, linkedTag, commit);
            }
            String location = connection.getHeaderField("Location");
            connection.disconnect();
            target = follow(source, target, location);
        }
        throw new HubException(source + " was redirected more than " + MAX_REDIRECTS + " times");
    }

    private URI follow(URI source, URI from, @Nullable String location) throws HubException {
        URI target;
        try {
            target = from.resolve(location == null ? "" : location).normalize();
        } catch (IllegalArgumentException e) {
            throw new HubException(source + " is redirected to '" + location + "', which is no address");
        }
        if (location == null || !isAllowed(target)) {
            throw new HubException(source + " is redirected to " + location
                    + "; files are fetched from shiftadd.hub.base-url only. Add " + originOf(target)
                    + " to shiftadd.hub.redirects if that server may be trusted too");
        }
        return target;
    }

    private boolean isAllowed(URI target) {
        return originOf(target).equals(originOf(base))
                || redirects.stream().anyMatch(allowed -> originOf(allowed).equals(originOf(target)));
    }

    private HttpURLConnection connect(String method, URI target, @Nullable Rest rest) throws IOException {
        URLConnection opened = target.toURL().openConnection();
        if (!(opened instanceof HttpURLConnection connection)) {
            throw new HubException("shiftadd.hub.base-url has to begin with http:// or https://");
        }
        connection.setRequestMethod(method);
        connection.setConnectTimeout((int) timeout.toMillis());
        connection.setReadTimeout((int) timeout.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setRequestProperty("Accept-Encoding", "identity");
        if (token != null && !token.isBlank() && originOf(target).equals(originOf(base))) {
            connection.setRequestProperty("Authorization", "Bearer " + token.strip());
        }
        if (rest != null) {
            connection.setRequestProperty("Range", "bytes=" + rest.from() + "-");
            connection.setRequestProperty("If-Range", rest.version());
        }
        return connection;
    }

    private static String originOf(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        int standard = scheme.equals("https") ? 443 : 80;
        return scheme + "://" + host + ":" + (uri.getPort() < 0 ? standard : uri.getPort());
    }
}
