package io.shiftadd.registry.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Asks the server, and follows its redirects as far as {@link RedirectRules} allow. */
final class HubClient implements AutoCloseable {

    private static final int MAX_REDIRECTS = 5;

    private final URI base;
    private final String token;
    private final RedirectRules rules;
    private final Duration timeout;
    private final long leastBytes;
    private final HttpClient http;

    HubClient(HubProperties properties) {
        this.base = Objects.requireNonNull(properties.baseUrl());
        this.token = properties.bearer();
        this.rules = new RedirectRules(base, properties.redirects(), InetAddress::getAllByName);
        this.timeout = properties.timeout();
        this.leastBytes = Math.max(1, properties.slowest().toBytes() * timeout.toMillis() / 1000);
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    /** A part of a file: {@code count} bytes from a byte on. */
    record Range(long from, long count) {}

    /**
     * Sends one request; the headers of the answer have come when this returns. The caller closes it.
     *
     * @param range of the file; all of it when null
     * @throws HubException when it is redirected to elsewhere
     * @throws IOException when another attempt may help
     */
    HubAnswer get(URI source, URI page, @Nullable Range range) throws IOException, InterruptedException {
        URI target = source;
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            HttpResponse<InputStream> response = send(source, target, range);
            if (response.statusCode() / 100 != 3) {
                InputStream body = new SteadyStream(response.body(), source, leastBytes, timeout);
                return new HubAnswer(source, page, response.statusCode(), response.headers(), body);
            }
            response.body().close();
            target = rules.follow(
                    source, target, response.headers().firstValue("Location").orElse(null));
        }
        throw new HubException(source + " was redirected more than " + MAX_REDIRECTS + " times");
    }

    private HttpResponse<InputStream> send(URI source, URI target, @Nullable Range range)
            throws IOException, InterruptedException {
        HttpRequest.Builder request;
        try {
            request = HttpRequest.newBuilder(target).timeout(timeout);
        } catch (IllegalArgumentException e) {
            throw new HubException(target + " is no address of a server; shiftadd.hub.base-url has to begin with"
                    + " http:// or https://");
        }
        request.header("Accept-Encoding", "identity").header("User-Agent", "shiftadd");
        if (!token.isEmpty() && RedirectRules.originOf(target).equals(RedirectRules.originOf(base))) {
            request.header("Authorization", "Bearer " + token);
        }
        if (range != null) {
            request.header("Range", "bytes=" + range.from() + "-" + (range.from() + range.count() - 1));
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new IOException(source + " cannot be had: " + reason(e), e);
        }
    }

    private String reason(IOException e) {
        if (e instanceof HttpTimeoutException) {
            return "no answer within " + timeout.toSeconds() + " s";
        }
        if (e.getCause() instanceof UnresolvedAddressException
                || e.getCause() != null && e.getCause().getCause() instanceof UnresolvedAddressException) {
            return "the host is not known here; check the network, or set HF_HUB_OFFLINE=1 to use the shared cache";
        }
        if (e instanceof ConnectException) {
            return "nobody answers there; check the network, or set HF_HUB_OFFLINE=1 to use the shared cache";
        }
        return e instanceof SSLException ? "no trusted connection" : "the connection broke off";
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
