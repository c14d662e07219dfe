package io.shiftadd.registry.hub;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A model on the server, as it was asked for.
 *
 * @param name {@code owner/name}, or a name alone
 * @param choice which of its GGUF files, by the end of their names ({@code Q4_K_M}); null when none is named
 */
record HubRepository(String name, @Nullable String choice, String revision) {

    /** @param asked {@code owner/name} or {@code owner/name:choice} */
    static HubRepository of(String asked, String revision) {
        int colon = asked.indexOf(':');
        return colon < 0
                ? new HubRepository(asked, null, revision)
                : new HubRepository(asked.substring(0, colon), asked.substring(colon + 1), revision);
    }

    /** What a person opens. */
    URI page(URI base) {
        return URI.create(root(base) + "/" + name);
    }

    URI description(URI base) {
        return URI.create(root(base) + "/api/models/" + name + "/revision/" + encode(revision));
    }

    URI files(URI base, String commit) {
        return URI.create(root(base) + "/api/models/" + name + "/tree/" + commit + "?recursive=true");
    }

    URI file(URI base, String commit, String path) {
        String encoded =
                Arrays.stream(path.split("/")).map(HubRepository::encode).collect(Collectors.joining("/"));
        return URI.create(root(base) + "/" + name + "/resolve/" + commit + "/" + encoded);
    }

    private static String root(URI base) {
        return base.toString().replaceFirst("/+$", "");
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What a server says, fit for a message. */
    static String shown(String text) {
        String plain = text.replaceAll("[^\\x20-\\x7E]", "?");
        return plain.length() > 200 ? plain.substring(0, 200) + "…" : plain;
    }
}
