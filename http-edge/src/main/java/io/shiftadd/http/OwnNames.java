package io.shiftadd.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The names by which a service is called: {@code localhost}, loopback addresses, and those of
 * {@value #SETTING}. A page's own name that is made to lead here later (DNS rebinding) is not among them; that is
 * what they are asked for.
 */
public record OwnNames(List<String> configured) {

    /** Where more of them are given, for all services alike. */
    public static final String SETTING = "shiftadd.allowed-hosts";

    private static final Pattern AUTHORITY =
            Pattern.compile("(?:\\[(?<address>[^\\]]*)]|(?<name>[^:\\[\\]]*))(?::(?<port>[0-9]*))?");

    public OwnNames {
        configured = configured.stream().map(OwnNames::plain).toList();
    }

    /** As the service's settings have them. */
    public static OwnNames of(Environment environment) {
        return new OwnNames(Binder.get(environment)
                .bind(SETTING, Bindable.listOf(String.class))
                .orElse(List.of()));
    }

    /**
     * Whether this is how the service is called.
     *
     * @param authority a name or address, with or without a port, as in {@code Host}
     * @param reached the address of ours that the connection was made to; a page's name can never look like it
     */
    public boolean include(String authority, String reached) {
        String name = plain(authority);
        return name.equals("localhost") || configured.contains(name) || name.equals(plain(reached)) || isLoopback(name);
    }

    /** The port as it is written, empty when it is not. */
    static String port(String authority) {
        Matcher parts = AUTHORITY.matcher(authority);
        return parts.matches() && parts.group("port") != null ? parts.group("port") : "";
    }

    /** Without port, brackets and the dot that may end a name; what has no such form stays as it is. */
    private static String plain(String authority) {
        Matcher parts = AUTHORITY.matcher(authority);
        if (!parts.matches()) {
            return authority;
        }
        String name = parts.group("name") == null ? parts.group("address") : parts.group("name");
        return (name.endsWith(".") ? name.substring(0, name.length() - 1) : name).toLowerCase(Locale.ROOT);
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.ofLiteral(address).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
