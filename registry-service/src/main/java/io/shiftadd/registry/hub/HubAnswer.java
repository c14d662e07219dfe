package io.shiftadd.registry.hub;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request.
 *
 * @param source what was asked for, before redirects
 * @param linkedTag {@code X-Linked-Etag}: of the file itself, where the server keeps it elsewhere
 * @param commit {@code X-Repo-Commit}: what the revision stands for
 */
record HubAnswer(
        URI source,
        HttpURLConnection connection,
        int status,
        @Nullable String linkedTag,
        @Nullable String commit) implements AutoCloseable {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /** The strong version of the content; null when the server gives none, and a rest could not be trusted to fit. */
    @Nullable
    String version() {
        String tag = connection.getHeaderField("ETag");
        return tag == null || tag.startsWith("W/") ? null : tag;
    }

    /** The content's SHA-256 when the server tells it: large files have it for their tag. */
    @Nullable
    String sha256() {
        String linked = unquoted(linkedTag);
        if (SHA256.matcher(linked).matches()) {
            return linked;
        }
        String own = unquoted(connection.getHeaderField("ETag"));
        return SHA256.matcher(own).matches() ? own : null;
    }

    /** The commit that the revision stands for; null when the server does not tell. */
    @Nullable
    String fullCommit() {
        return commit != null && COMMIT.matcher(commit).matches() ? commit : null;
    }

    /** Bytes that follow; -1 when the server does not announce them. */
    long length() {
        return connection.getContentLengthLong();
    }

    /** What to make of a status that is no success: whether another attempt may help, and what to do. */
    IOException refusal() {
        String message = source + " was answered with status " + status;
        return switch (status) {
            case 401, 403 ->
                new HubException(
                        message
                                + ": the model is private or gated, or does not exist. Set shiftadd.hub.token to a token that may read it");
            case 408, 425, 429 -> new IOException(message);
            default -> status / 100 == 4 ? new HubException(message) : new IOException(message);
        };
    }

    @Override
    public void close() {
        connection.disconnect();
    }

    private static String unquoted(@Nullable String tag) {
        return tag == null ? "" : tag.replaceFirst("^W/", "").replace("\"", "");
    }
}
