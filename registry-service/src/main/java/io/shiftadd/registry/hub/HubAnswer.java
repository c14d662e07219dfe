package io.shiftadd.registry.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The answer to one request.
 *
 * @param source what was asked for, before redirects
 * @param page what a person opens of the repository
 */
record HubAnswer(URI source, URI page, int status, HttpHeaders headers, InputStream body) implements AutoCloseable {

    static final int OK = 200;
    static final int PARTIAL = 206;
    static final int NOT_FOUND = 404;

    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    /** Bytes that follow; empty when the server does not announce them. */
    OptionalLong length() {
        return headers.firstValueAsLong("Content-Length");
    }

    /**
     * Which bytes of the file these are.
     *
     * @throws IOException when the answer is not the range that was asked for
     */
    void requireRange(long from, long size) throws IOException {
        String text = headers.firstValue("Content-Range").orElse("");
        Matcher range = RANGE.matcher(text);
        if (!range.matches() || Long.parseLong(range.group(1)) != from || Long.parseLong(range.group(3)) != size) {
            throw new HubException(
                    source + " was answered with another range than the bytes from " + from + " on of " + size);
        }
    }

    /** The whole body. */
    byte[] bytes(long limit) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            if (all.size() + (long) count > limit) {
                throw new HubException(source + " was answered with more than " + limit + " bytes");
            }
            all.write(buffer, 0, count);
        }
        return all.toByteArray();
    }

    /** @throws IOException unless this is a success with a body as it is */
    HubAnswer requireSuccess() throws IOException {
        if (status != OK && status != PARTIAL) {
            close();
            throw refusal();
        }
        String encoding = headers.firstValue("Content-Encoding").orElse("identity");
        if (!encoding.equals("identity")) {
            close();
            throw new HubException(source + " was answered in the encoding '" + HubRepository.shown(encoding)
                    + "', which was not asked for");
        }
        return this;
    }

    /** What to make of a status that is no success: whether another attempt may help, and what to do. */
    private IOException refusal() {
        String code = headers.firstValue("X-Error-Code").orElse("");
        String message = source + " was answered with status " + status;
        return switch (status) {
            case 401, 403 ->
                code.equals("GatedRepo")
                        ? new HubException(
                                page + " is gated: accept its terms there, then set HF_TOKEN to a token of that"
                                        + " account (https://huggingface.co/settings/tokens) and import it again")
                        : new HubException(message + ": " + page + " does not exist, is private, or is gated. Check the"
                                + " name; if it is right, accept its terms there and set HF_TOKEN to a token that may"
                                + " read it");
            case NOT_FOUND ->
                new HubException(message + ": "
                        + (code.equals("RevisionNotFound") ? "there is no such revision" : "there is no such thing")
                        + ". Check repository and revision");
            case 408, 425, 429, 500, 502, 503, 504 -> new BusyException(message, pause());
            default -> status / 100 == 5 ? new IOException(message) : new HubException(message);
        };
    }

    private Duration pause() {
        Optional<String> seconds = headers.firstValue("Retry-After").filter(text -> text.matches("\\d{1,6}"));
        Duration asked = Duration.ofSeconds(seconds.map(Long::parseLong).orElse(0L));
        return asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
