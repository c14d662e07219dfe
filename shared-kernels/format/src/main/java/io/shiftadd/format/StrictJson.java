package io.shiftadd.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON of model files: real UTF-8, no duplicate keys, limited depth, nothing after the value. */
public final class StrictJson {

    private static final int MAX_DEPTH = 64;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    /**
     * The file's value.
     *
     * @param maxBytes larger files are rejected unread
     * @throws FormatException when the file does not exist, is larger or is not strict JSON
     */
    public static JsonNode read(Path file, long maxBytes) {
        return parse(SmallFile.read(file, maxBytes), file.toString());
    }

    /**
     * The value that {@code text} holds.
     *
     * @param where names the source in errors
     * @throws FormatException when it is not strict JSON
     */
    public static JsonNode parse(byte[] text, String where) {
        requireUtf8(text, where);
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw unreadable(e, where);
        }
    }

    /** The JSON text of a value made of maps, lists, arrays, strings, numbers and booleans; maps keep their order. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /**
     * Streams through a value that may be too large for a tree.
     *
     * @param where names the source in errors
     * @param visitor reads the whole value; at first the parser stands on its first token
     * @throws FormatException when it is not strict JSON
     */
    public static void stream(byte[] text, String where, Consumer<JsonParser> visitor) {
        requireUtf8(text, where);
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            visitor.accept(parser);
            if (parser.nextToken() != null) {
                throw new FormatException(
                        "has text after its value",
                        where,
                        "only spaces may follow",
                        "Download or write the file again.");
            }
        } catch (JacksonException e) {
            throw unreadable(e, where);
        }
    }

    /** Jackson accepts some malformed sequences; other readers of the same file would then see other names. */
    private static void requireUtf8(byte[] text, String where) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(text);
        CharBuffer out = CharBuffer.allocate(8192);
        CoderResult result;
        do {
            out.clear();
            result = decoder.decode(in, out, true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw new FormatException(
                    "is not UTF-8 at byte " + in.position(),
                    where,
                    "JSON must be encoded in UTF-8",
                    "Download or write the file again.");
        }
    }

    private static FormatException unreadable(JacksonException cause, String where) {
        TokenStreamLocation location = cause.getLocation();
        String place = location == null || location.getByteOffset() < 0 ? "" : " at byte " + location.getByteOffset();
        return new FormatException(
                "is not readable as JSON" + place + ": " + cause.getOriginalMessage(),
                where,
                "strict JSON without duplicate keys and at most " + MAX_DEPTH + " levels deep is expected",
                "Download or write the file again.",
                cause);
    }
}
