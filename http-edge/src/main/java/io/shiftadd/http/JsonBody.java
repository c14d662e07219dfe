package io.shiftadd.http;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the JSON of requests by one set of rules: RFC 8259 and nothing beside it, each field once, one value, at most
 * 64 levels, numbers of at most 100 and names of at most 1,000 characters, texts of whole characters. Messages are our
 * own.
 */
public final class JsonBody {

    /** Arrays and objects within each other. */
    public static final int MAX_DEPTH = 64;

    static final int MAX_NUMBER_LENGTH = 100;
    static final int MAX_NAME_LENGTH = 1_000;

    /** Bytes of a character in the widest encoding that a parser would guess, UTF-32. */
    private static final int WIDEST_CODE = 4;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .maxNameLength(MAX_NAME_LENGTH)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBody() {}

    /** What texts may have. */
    public enum Texts {
        /** Whatever is Unicode: a model is to read it. */
        ANY,
        /** What names and settings may have; see {@link PlainText}. */
        PLAIN
    }

    /** @throws BadBodyException when it is no JSON, or breaks one of the rules above */
    public static JsonNode read(byte[] body, Texts texts) {
        JsonNode node;
        try {
            node = isUtf8(body) ? JSON.readTree(body) : null;
        } catch (JacksonException e) {
            node = null;
        }
        if (node == null) {
            throw BadBodyException.malformed("The body is not valid JSON: " + JsonFault.describe(body));
        }
        if (node.isMissingNode()) {
            throw BadBodyException.malformed("The body is empty; send a JSON object");
        }
        FieldFault found = checkTexts(node, texts);
        if (found != null) {
            throw BadBodyException.ofField(found.path(), found.fault());
        }
        return node;
    }

    /**
     * The parser takes longer forms of a character than the shortest, which two readers may read as two texts, and
     * guesses other encodings by their zeros.
     */
    private static boolean isUtf8(byte[] body) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(body);
        CharBuffer out = CharBuffer.allocate(Math.clamp(body.length, 1, 8_192));
        CoderResult result = decoder.decode(in, out, true);
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(in, out, true);
        }
        return result.isUnderflow() && !hasNul(Arrays.copyOf(body, Math.min(body.length, WIDEST_CODE)));
    }

    private static boolean hasNul(byte[] start) {
        for (byte one : start) {
            if (one == 0) {
                return true;
            }
        }
        return false;
    }

    /** A text at fault; its path grows on the way out, so that texts without fault cost no path. */
    private record FieldFault(String path, String fault) {

        FieldFault within(String outer) {
            return new FieldFault(outer + (path.isEmpty() || path.startsWith("[") ? "" : ".") + path, fault);
        }
    }

    private static @Nullable FieldFault checkTexts(JsonNode node, Texts texts) {
        if (node.isString()) {
            return fault(node.stringValue(), texts);
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            FieldFault name = fault(field.getKey(), texts);
            FieldFault found = name == null ? checkTexts(field.getValue(), texts) : name;
            if (found != null) {
                return found.within(Shown.of(field.getKey()));
            }
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            FieldFault found = checkTexts(node.get(i), texts);
            if (found != null) {
                return found.within("[" + i + "]");
            }
        }
        return null;
    }

    private static @Nullable FieldFault fault(String text, Texts texts) {
        String fault = texts == Texts.PLAIN ? PlainText.fault(text) : PlainText.unicodeFault(text);
        return fault == null ? null : new FieldFault("", fault);
    }
}
