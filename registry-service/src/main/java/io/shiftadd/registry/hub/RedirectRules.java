package io.shiftadd.registry.hub;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the server may redirect to: itself, an address that is configured, or a host of a domain that is, if it has
 * public addresses only. A redirect could lead anywhere, also into this machine's own network.
 */
record RedirectRules(URI base, List<String> allowed, Resolver resolver) {

    private static final String ANY_HOST = "://*.";

    /** Finds the addresses of a host. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /**
     * The address that {@code from} is redirected to.
     *
     * @param source what was asked for at first
     * @throws HubException when it is none, or may not be followed
     */
    URI follow(URI source, URI from, @Nullable String location) throws HubException {
        URI target;
        try {
            target = from.resolve(location == null ? "" : location).normalize();
        } catch (IllegalArgumentException e) {
            throw new HubException(source + " is redirected to what is no address");
        }
        if (location == null || target.getHost() == null) {
            throw new HubException(source + " is redirected to what is no address");
        }
        String origin = originOf(target);
        if (target.getUserInfo() != null) {
            throw new HubException(source + " is redirected to " + origin
                    + " with a user's name in its address; such redirects are not followed");
        }
        if (!isAllowed(target, origin)) {
            throw new HubException(
                    source + " is redirected to " + origin
                            + ", where files are not fetched from. Add it to shiftadd.hub.redirects if that server may be trusted");
        }
        return target;
    }

    private boolean isAllowed(URI target, String origin) throws HubException {
        if (origin.equals(originOf(base))) {
            return true;
        }
        for (String pattern : allowed) {
            int any = pattern.indexOf(ANY_HOST);
            if (any < 0 && originOf(URI.create(pattern)).equals(origin)) {
                return true;
            }
            if (any >= 0 && matches(pattern.replace(ANY_HOST, "://"), target, origin)) {
                requirePublic(target);
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String domain, URI target, String origin) {
        URI uri = URI.create(domain);
        String host = target.getHost().toLowerCase(Locale.ROOT);
        return host.endsWith("." + uri.getHost()) && originOf(uri).equals(origin.replace(host, uri.getHost()));
    }

    private void requirePublic(URI target) throws HubException {
        InetAddress[] addresses;
        try {
            addresses = resolver.resolve(target.getHost());
        } catch (UnknownHostException e) {
            throw new HubException("The host " + target.getHost() + " is not known here. Check the network");
        }
        for (InetAddress address : addresses) {
            if (isPrivate(address)) {
                throw new HubException("The host " + target.getHost() + " has the address " + address.getHostAddress()
                        + ", which is not public. If that is meant, add " + originOf(target)
                        + " to shiftadd.hub.redirects");
            }
        }
    }

    private static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean special = address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress();
        return switch (address) {
            // "this network", and what carriers share among their customers
            case Inet4Address _ -> special || bytes[0] == 0 || bytes[0] == 100 && (bytes[1] & 0xC0) == 0x40;
            case Inet6Address _ -> special || (bytes[0] & 0xFE) == 0xFC;
            default -> true;
        };
    }

    /** Scheme, host and port. */
    static String originOf(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        int standard = scheme.equals("https") ? 443 : 80;
        int port = uri.getPort() < 0 ? standard : uri.getPort();
        return scheme + "://" + host + (port == standard ? "" : ":" + port);
    }
}
