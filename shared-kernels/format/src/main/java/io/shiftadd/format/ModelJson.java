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
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * The JSON of a model's files, all read by the same rules, which are those of Python's {@code json}, as it wrote them:
 * UTF-8, of a name given twice the last value counts, and the words {@code NaN}, {@code Infinity} and {@code -Infinity}
 * are numbers (who needs a number refuses them by name). Besides, a byte order mark may come first. No comments, no
 * comma before a bracket, nothing after the value, and limited depth.
 */
public final class ModelJson {

    static final int MAX_DEPTH = 64;

    private static final JsonFactory FACTORY = factory().build();

    /** Safetensors forbids names given twice, so that no two readers see other tensors in one file. */
    private static final JsonFactory UNIQUE_NAMES =
            factory().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /** What comes after a value is looked for here, as there is no tree where a file is streamed. */
    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static JsonFactoryBuilder factory() {
        return JsonFactory.builder()
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build());
    }

    private ModelJson() {}

    /**
     * The file's value.
     *
     * @param maxBytes larger files are rejected unread
     * @throws FormatException when the file does not exist, is larger or is not JSON
     */
    public static JsonNode read(Path file, long maxBytes) {
        return parse(SmallFile.read(file, maxBytes), file.toString());
    }

    /**
     * The value that {@code text} holds.
     *
     * @param where names the source in errors
     * @throws FormatException when it is not JSON
     */
    public static JsonNode parse(byte[] text, String where) {
        JsonNode[] value = {MissingNode.getInstance()};
        stream(text, where, parser -> value[0] = MAPPER.readTree(parser));
        return value[0];
    }

    /** The JSON text of a value made of maps, lists, arrays, strings, numbers and booleans; maps keep their order. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** As {@link #write}, a line for each value, ended by {@code \n} on every system. */
    public static String writeIndented(Object value) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value).replace("\r\n", "\n");
    }

    /**
     * Streams through a value that may be too large for a tree.
     *
     * @param where names the source in errors
     * @param visitor reads the whole value; at first the parser stands on its first token
     * @throws FormatException when it is not JSON
     */
    public static void stream(byte[] text, String where, Consumer<JsonParser> visitor) {
        stream(FACTORY, text, where, visitor);
    }

    /** As {@link #stream}; a name given twice in one object is an error. */
    public static void streamWithUniqueNames(byte[] text, String where, Consumer<JsonParser> visitor) {
        stream(UNIQUE_NAMES, text, where, visitor);
    }

    private static void stream(JsonFactory factory, byte[] text, String where, Consumer<JsonParser> visitor) {
        requireUtf8(text, where);
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
            try {
                if (parser.nextToken() == null) {
                    throw new FormatException("is empty", where, JsonFault.RULE, JsonFault.REMEDY);
                }
                visitor.accept(parser);
                if (parser.nextToken() != null) {
                    throw new FormatException(
                            "has more text after its value, in line "
                                    + parser.currentTokenLocation().getLineNr(),
                            where,
                            "only white space may follow",
                            JsonFault.REMEDY);
                }
            } catch (JacksonException e) {
                throw JsonFault.of(e, parser, text, where);
            }
        }
    }

    /** The parser accepts some malformed sequences; other readers of the same file would then see other names. */
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
}
